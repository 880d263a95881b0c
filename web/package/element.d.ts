import type { Code, Report } from "./index.js";

/** What the event `verdict` tells. */
export interface VerdictDetail { code: Code; number: string | null; report: Report }

/** <mohar-verify text lang service root>. */
export class MoharVerify extends HTMLElement {}

declare global {
  interface HTMLElementTagNameMap { "mohar-verify": MoharVerify }
  interface HTMLElementEventMap { verdict: CustomEvent<VerdictDetail> }
}
