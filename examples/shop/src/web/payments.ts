import type { Observable } from 'rxjs';

/** The gRPC service as `web` calls it; see `proto/payment.proto`. */
export interface Payments {
  charge(request: { order?: string; amount: number; note?: string }): Observable<Receipt>;
}

export interface Receipt {
  id: string;
  order: string;
  amount: number;
  note: string;
  instance: string;
}
