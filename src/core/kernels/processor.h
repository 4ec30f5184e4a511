/*
 * processor.h
 *	  What the processor, and the system that runs on it, let kernels use.
 *
 * Read once, by features and never by names: a processor newer than this
 * program has the features that it says it has.  On processors other than
 * x86-64 nothing is known and nothing needs to be.
 */
#ifndef NN_PROCESSOR_H
#define NN_PROCESSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Those that some kernel of ours or of OpenBLAS needs, or that tell one from another. */
typedef enum NNFeature
{
	NN_SSE3 = 1 << 0,
	NN_SSSE3 = 1 << 1,
	NN_SSE4_1 = 1 << 2,
	NN_SSE4_2 = 1 << 3,
	NN_POPCNT = 1 << 4,
	NN_MOVBE = 1 << 5,
	NN_LZCNT = 1 << 6,
	NN_BMI1 = 1 << 7,
	NN_BMI2 = 1 << 8,
	NN_AVX = 1 << 9,
	NN_F16C = 1 << 10,
	NN_FMA4 = 1 << 11,
	NN_FMA = 1 << 12,
	NN_AVX2 = 1 << 13,
	NN_AVX512F = 1 << 14,
	NN_AVX512CD = 1 << 15,
	NN_AVX512BW = 1 << 16,
	NN_AVX512DQ = 1 << 17,
	NN_AVX512VL = 1 << 18,
	NN_AVX512_VNNI = 1 << 19,
	NN_AVX512_BF16 = 1 << 20,
	NN_AMX_TILE = 1 << 21,
	NN_AMX_BF16 = 1 << 22
} NNFeature;

/* The levels of x86-64 as compilers know them: v3 is that of AVX2, v4 that of AVX-512. */
#define NN_X86_64_V3                                                                          \
	(NN_SSE3 | NN_SSSE3 | NN_SSE4_1 | NN_SSE4_2 | NN_POPCNT | NN_MOVBE | NN_LZCNT | NN_BMI1 | \
	 NN_BMI2 | NN_AVX | NN_F16C | NN_FMA | NN_AVX2)
#define NN_X86_64_V4 \
	(NN_X86_64_V3 | NN_AVX512F | NN_AVX512CD | NN_AVX512BW | NN_AVX512DQ | NN_AVX512VL)

typedef struct NNProcessor
{
	char vendor[13]; /* "GenuineIntel"; "" on other architectures: nothing is known */
	unsigned features;
	size_t cache2; /* bytes of a core's second cache level; 0: not known */
} NNProcessor;

/* The words of CPUID that features are in, as the instruction gives them. */
typedef struct NNCpuid
{
	char vendor[13];
	uint32_t leaf1_ecx;
	uint32_t leaf7_ebx;
	uint32_t leaf7_ecx;
	uint32_t leaf7_edx;
	uint32_t leaf7_1_eax;
	uint32_t extended1_ecx;
	uint64_t xcr0; /* the registers that the system saves; 0 if it does not say */
} NNCpuid;

/* What those words mean: a feature whose registers the system does not save is none. */
extern NNProcessor nn_processor_of(const NNCpuid *words);
/* This one's, read as the library is loaded: what kernels may use, and all that it has. */
extern const NNProcessor *nn_processor(void);
extern const NNProcessor *nn_processor_whole(void);
extern bool nn_processor_has(const NNProcessor *which, unsigned features);
/* Kernels use no more than that level of it, see hot.h. */
extern void nn_processor_limit(int level);
#define NN_LEVEL_MOST 4
/*
 * Ask the system for the registers of AMX, which Linux gives to a process, its threads
 * and children only then.  False: it does not.
 */
extern bool nn_processor_ask_tiles(void);

/* Places in the order of what runs as the library is loaded. */
#define NN_READ_PROCESSOR 101
#define NN_AFTER_PROCESSOR 102

#endif /* NN_PROCESSOR_H */
