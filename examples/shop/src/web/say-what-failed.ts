import { ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import type { ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';

/** A service that could not be asked, or that answered with an error, is told to the browser as 502 with its own words. */
@Catch()
export class SayWhatFailed implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost) {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return void response.end();
    if (error instanceof HttpException) return void response.status(error.getStatus()).json(error.getResponse());
    response.status(502).json({ statusCode: 502, error: 'Bad Gateway', message: wordsOf(error) });
  }
}

/** Nest TCP rejects with what the other side sent; gRPC with `details`; fetch with a `cause`. */
export function wordsOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const { details, message, cause } = (error ?? {}) as { details?: string; message?: string; cause?: Error };
  const words = details ?? message ?? JSON.stringify(error);
  return cause?.message ? `${words}: ${cause.message}` : words;
}
