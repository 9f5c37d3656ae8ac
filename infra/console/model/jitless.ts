import { config } from "zod";

// Before the first schema is made: zod would compile them with `new Function` where it may, and a strict
// content security policy reports even the trying. (zod, core/util.ts, allowsEval)
config({ jitless: true });
