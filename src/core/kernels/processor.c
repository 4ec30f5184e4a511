/*
 * processor.c
 *	  Features of the processor, by CPUID and XGETBV, and its second cache level, by sysconf.
 */
#include "core/kernels/processor.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#endif

#include "core/kernels/kernels.h"

#define OSXSAVE (1u << 27) /* leaf 1, ecx: XGETBV can be asked */
/* parts of the state that XCR0 says the system saves */
#define SAVES_YMM 0x06u		 /* halves of the vector registers of AVX */
#define SAVES_ZMM 0xE6u		 /* those, and the rest of AVX-512's, with the masks */
#define SAVES_TILES 0x60000u /* AMX's */

/* Where a feature's bit is, and what the system has to save for it. */
static const struct
{
	unsigned feature;
	const char *name;
	size_t word; /* offset in NNCpuid */
	int bit;
	uint64_t saved;
} places[] = {
	{NN_SSE3, "sse3", offsetof(NNCpuid, leaf1_ecx), 0, 0},
	{NN_SSSE3, "ssse3", offsetof(NNCpuid, leaf1_ecx), 9, 0},
	{NN_SSE4_1, "sse4.1", offsetof(NNCpuid, leaf1_ecx), 19, 0},
	{NN_SSE4_2, "sse4.2", offsetof(NNCpuid, leaf1_ecx), 20, 0},
	{NN_POPCNT, "popcnt", offsetof(NNCpuid, leaf1_ecx), 23, 0},
	{NN_MOVBE, "movbe", offsetof(NNCpuid, leaf1_ecx), 22, 0},
	{NN_LZCNT, "lzcnt", offsetof(NNCpuid, extended1_ecx), 5, 0},
	{NN_BMI1, "bmi1", offsetof(NNCpuid, leaf7_ebx), 3, 0},
	{NN_BMI2, "bmi2", offsetof(NNCpuid, leaf7_ebx), 8, 0},
	{NN_AVX, "avx", offsetof(NNCpuid, leaf1_ecx), 28, SAVES_YMM},
	{NN_F16C, "f16c", offsetof(NNCpuid, leaf1_ecx), 29, SAVES_YMM},
	{NN_FMA4, "fma4", offsetof(NNCpuid, extended1_ecx), 16, SAVES_YMM},
	{NN_FMA, "fma", offsetof(NNCpuid, leaf1_ecx), 12, SAVES_YMM},
	{NN_AVX2, "avx2", offsetof(NNCpuid, leaf7_ebx), 5, SAVES_YMM},
	{NN_AVX512F, "avx512f", offsetof(NNCpuid, leaf7_ebx), 16, SAVES_ZMM},
	{NN_AVX512CD, "avx512cd", offsetof(NNCpuid, leaf7_ebx), 28, SAVES_ZMM},
	{NN_AVX512BW, "avx512bw", offsetof(NNCpuid, leaf7_ebx), 30, SAVES_ZMM},
	{NN_AVX512DQ, "avx512dq", offsetof(NNCpuid, leaf7_ebx), 17, SAVES_ZMM},
	{NN_AVX512VL, "avx512vl", offsetof(NNCpuid, leaf7_ebx), 31, SAVES_ZMM},
	{NN_AVX512_VNNI, "avx512_vnni", offsetof(NNCpuid, leaf7_ecx), 11, SAVES_ZMM},
	{NN_AVX512_BF16, "avx512_bf16", offsetof(NNCpuid, leaf7_1_eax), 5, SAVES_ZMM},
	{NN_AMX_TILE, "amx_tile", offsetof(NNCpuid, leaf7_edx), 24, SAVES_TILES},
	{NN_AMX_BF16, "amx_bf16", offsetof(NNCpuid, leaf7_edx), 22, SAVES_TILES},
};

#define PLACES ((int) (sizeof(places) / sizeof(places[0])))

NNProcessor
nn_processor_of(const NNCpuid *words)
{
	NNProcessor result = {.features = 0};
	const uint64_t saved = words->leaf1_ecx & OSXSAVE ? words->xcr0 : 0;

	memcpy(result.vendor, words->vendor, sizeof(result.vendor));
	for (int i = 0; i < PLACES; i++)
	{
		uint32_t word;

		memcpy(&word, (const char *) words + places[i].word, sizeof(word));
		if ((word >> places[i].bit & 1) != 0 && (saved & places[i].saved) == places[i].saved)
			result.features |= places[i].feature;
	}
	return result;
}

#if defined(__x86_64__)

/* XCR0; to be asked only if the system has OSXSAVE set. */
static uint64_t
read_xcr0(void)
{
	uint32_t low;
	uint32_t high;

	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (uint64_t) high << 32 | low;
}

/* Leaves past what there is read as zeros. */
static NNCpuid
read_cpuid(void)
{
	NNCpuid words = {.xcr0 = 0};
	uint32_t a;
	uint32_t b;
	uint32_t c;
	uint32_t d;

	if (__get_cpuid(0, &a, &b, &c, &d))
	{
		memcpy(words.vendor, &b, 4);
		memcpy(words.vendor + 4, &d, 4);
		memcpy(words.vendor + 8, &c, 4);
	}
	if (__get_cpuid(1, &a, &b, &c, &d))
		words.leaf1_ecx = c;
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d))
	{
		const uint32_t last = a;

		words.leaf7_ebx = b;
		words.leaf7_ecx = c;
		words.leaf7_edx = d;
		if (last >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d))
			words.leaf7_1_eax = a;
	}
	if (__get_cpuid(0x80000001u, &a, &b, &c, &d))
		words.extended1_ecx = c;
	if (words.leaf1_ecx & OSXSAVE)
		words.xcr0 = read_xcr0();
	return words;
}

#else

static NNCpuid
read_cpuid(void)
{
	return (NNCpuid){.xcr0 = 0};
}

#endif

static size_t
read_cache2(void)
{
#ifdef _SC_LEVEL2_CACHE_SIZE
	const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);

	return bytes > 0 ? (size_t) bytes : 0;
#else
	return 0;
#endif
}

static NNProcessor whole; /* as it is */
static NNProcessor processor;

#if defined(__x86_64__)
int nn_x86_level = 1;
#endif

static void read_processor(void) __attribute__((constructor(NN_READ_PROCESSOR)));

/* As the library is loaded, before anything of it can be called. */
static void
read_processor(void)
{
	const NNCpuid words = read_cpuid();

	whole = nn_processor_of(&words);
	whole.cache2 = read_cache2();
	nn_processor_limit(NN_LEVEL_MOST);
}

void
nn_processor_limit(int level)
{
	processor = whole;
	if (level < 4)
		processor.features &= ~(NN_X86_64_V4 & ~NN_X86_64_V3) &
			~(unsigned) (NN_AVX512_VNNI | NN_AVX512_BF16 | NN_AMX_TILE | NN_AMX_BF16);
	if (level < 3)
		processor.features &= ~(unsigned) (NN_AVX | NN_AVX2 | NN_FMA | NN_FMA4 | NN_F16C);
#if defined(__x86_64__)
	nn_x86_level = nn_processor_has(&processor, NN_X86_64_V4) ? 4
		: nn_processor_has(&processor, NN_X86_64_V3)		  ? 3
															  : 1;
#endif
}

bool
nn_processor_ask_tiles(void)
{
#if defined(__x86_64__) && defined(__linux__)
	/* ARCH_REQ_XCOMP_PERM of XFEATURE_XTILEDATA; headers may be older than Linux 5.16 */
	return syscall(SYS_arch_prctl, 0x1023, 18) == 0;
#else
	return false;
#endif
}

const NNProcessor *
nn_processor(void)
{
	return &processor;
}

const NNProcessor *
nn_processor_whole(void)
{
	return &whole;
}

bool
nn_processor_has(const NNProcessor *which, unsigned features)
{
	return (which->features & features) == features;
}

void
nn_processor_text(char *text)
{
	int used = snprintf(text, NN_PROCESSOR_TEXT, "%s", whole.vendor);

	for (int i = 0; i < PLACES && used < NN_PROCESSOR_TEXT; i++)
		if (whole.features & places[i].feature)
			used +=
				snprintf(text + used, (size_t) (NN_PROCESSOR_TEXT - used), " %s", places[i].name);
}
