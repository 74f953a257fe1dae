const grpc = require('@grpc/grpc-js');
const { loadSync } = require('@grpc/proto-loader');
const { shop } = grpc.loadPackageDefinition(loadSync(`${__dirname}/payment.proto`));

const server = new grpc.Server();
server.addService(shop.Payment.service, {
  async pay(call, done) {
    await new Promise(setImmediate);
    const out = await fetch('http://catalog:3000/').then(r => r.json()).catch(() => ({}));
    done(null, { id: call.request.id, peer: call.getPeer(), trace: out.traceparent });
  },
});
server.bindAsync('0.0.0.0:5000', grpc.ServerCredentials.createInsecure(), (error, port) => console.log(JSON.stringify({ port })));
