// Pays each order named by its arguments at once, on one cold channel; "id@traceparent" pays within a trace (through a served request).
const grpc = require('@grpc/grpc-js');
const { loadSync } = require('@grpc/proto-loader');
const { shop } = grpc.loadPackageDefinition(loadSync(`${__dirname}/payment.proto`));

const client = new shop.Payment('payment:5000', grpc.credentials.createInsecure());
const pay = id => new Promise(done => client.pay({ id }, (error, receipt) => done({ error: error?.message, receipt })));
Promise.all(process.argv.slice(2).map(pay)).then(receipts => {
  console.log(JSON.stringify({ receipts }));
  client.close();
});
