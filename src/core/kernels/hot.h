/*
 * hot.h
 *	  Functions that exist once for each generation of vector units.
 *
 *	 NN_HOT(void, nn_add, (nn_real *y, const nn_real *x, size_t n), (y, x, n))
 *	 {
 *		 for (size_t i = 0; i < n; i++)
 *			 y[i] += x[i];
 *	 }
 *
 * defines nn_add (before it `static` makes it one).  Its body is compiled for
 * plain x86-64, for AVX2 and for AVX-512, by any compiler; which runs is looked
 * up at each call, in a variable that is set as the library is loaded.  Helpers
 * that the body calls must be NN_INLINE, to be compiled with the same
 * instructions.  What it costs is a jump: a loop is worth it, a number is not.
 */
#ifndef NN_HOT_H
#define NN_HOT_H

#define NN_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)

/* What kernels of ours may use: 1, 3 or 4, the level of x86-64 that the processor has. */
extern int nn_x86_level;

#define NN_LEVEL_3  \
	__attribute__(( \
		target("sse3,ssse3,sse4.1,sse4.2,popcnt,avx,avx2,bmi,bmi2,f16c,fma,lzcnt,movbe")))
#define NN_LEVEL_4_FEATURES                                                   \
	"sse3,ssse3,sse4.1,sse4.2,popcnt,avx,avx2,bmi,bmi2,f16c,fma,lzcnt,movbe," \
	"avx512f,avx512cd,avx512bw,avx512dq,avx512vl"
#define NN_LEVEL_4 __attribute__((target(NN_LEVEL_4_FEATURES)))

#define NN_HOT(type, name, parameters, arguments)          \
	type name parameters;                                  \
	NN_INLINE type name##_body parameters;                 \
	static NN_LEVEL_4 type name##_level4 parameters        \
	{                                                      \
		return name##_body arguments;                      \
	}                                                      \
	static NN_LEVEL_3 type name##_level3 parameters        \
	{                                                      \
		return name##_body arguments;                      \
	}                                                      \
	type name parameters                                   \
	{                                                      \
		return nn_x86_level == 4 ? name##_level4 arguments \
			: nn_x86_level == 3	 ? name##_level3 arguments \
								 : name##_body arguments;   \
	}                                                      \
	NN_INLINE type name##_body parameters

#else

#define NN_HOT(type, name, parameters, arguments) \
	type name parameters;                         \
	type name parameters

#endif

#endif /* NN_HOT_H */
