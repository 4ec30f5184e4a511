/*
 * gemm_step.h
 *	  What inner loops of products say by assembly, since compilers would not do it.
 */
#ifndef NN_GEMM_STEP_H
#define NN_GEMM_STEP_H

/*
 * The compiler is kept from knowing what an address is: of several that follow from each
 * other it would make as many as there are steps, and what is needed after a loop alone would
 * push those of the loop out of the registers.
 */
#define HIDE(x) __asm__("" : "+r"(x))

/*
 * sum += the number at p, for all 16 lanes, times y, in one instruction of AVX-512: it counts
 * once on its way to the units.  With a broadcast before it that is a sixth of the time where
 * threads share a core, two of which together get six instructions a cycle.
 */
#define STEP_AT_512(p, y, sum) \
	__asm__("vfmadd231ps %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(y), "m"(*(p)))

#endif /* NN_GEMM_STEP_H */
