// What is known and what must be measured, row by row; `short` rows are also a unit test.
import { errorRows } from './error-rows.mjs';
import { limitRows } from './limit-rows.mjs';
import { timeRows } from './time-rows.mjs';

export const rows = [...limitRows, ...timeRows, ...errorRows];
