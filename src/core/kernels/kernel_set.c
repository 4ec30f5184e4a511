/*
 * kernel_set.c
 *	  Which of OpenBLAS's sets of kernels suits a processor.
 *
 * Sets are compared by the vectors they compute with; among sets of equal
 * vectors OpenBLAS's choice stands, since it knows more of caches.
 */
#include "core/kernels/kernel_set.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* What matters of a set: 512 bits are worth twice 256, and these, with FMA, four times SSE. */
typedef enum Vectors
{
	SSE,
	AVX,
	AVX_FMA,
	AVX512
} Vectors;

#define NEEDS_AVX512 \
	(NN_AVX2 | NN_FMA | NN_AVX512F | NN_AVX512CD | NN_AVX512BW | NN_AVX512DQ | NN_AVX512VL)

/* OpenBLAS's names, of all versions, and with what instructions each set is compiled. */
static const struct
{
	const char *name;
	Vectors vectors;
	unsigned needs;
} sets[] = {
	{"Generic", SSE, 0},
	{"Katmai", SSE, 0},
	{"Coppermine", SSE, 0},
	{"Northwood", SSE, 0},
	{"Banias", SSE, 0},
	{"Athlon", SSE, 0},
	{"Opteron", SSE, 0},
	{"Prescott", SSE, NN_SSE3},
	{"Opteron_SSE3", SSE, NN_SSE3},
	{"Barcelona", SSE, NN_SSE3},
	{"Bobcat", SSE, NN_SSSE3},
	{"Atom", SSE, NN_SSSE3},
	{"Core2", SSE, NN_SSSE3},
	{"Nano", SSE, NN_SSSE3},
	{"Penryn", SSE, NN_SSE4_1},
	{"Dunnington", SSE, NN_SSE4_1},
	{"Nehalem", SSE, NN_SSE4_2},
	{"Sandybridge", AVX, NN_AVX},
	{"Bulldozer", AVX, NN_AVX | NN_FMA4},
	{"Piledriver", AVX_FMA, NN_AVX | NN_FMA},
	{"Steamroller", AVX_FMA, NN_AVX | NN_FMA},
	{"Excavator", AVX_FMA, NN_AVX | NN_FMA},
	{"Haswell", AVX_FMA, NN_AVX2 | NN_FMA},
	{"Zen", AVX_FMA, NN_AVX2 | NN_FMA},
	{"SkylakeX", AVX512, NEEDS_AVX512},
	{"Cooperlake", AVX512, NEEDS_AVX512 | NN_AVX512_BF16},
	{"SapphireRapids", AVX512, NEEDS_AVX512 | NN_AVX512_BF16},
};

/*
 * What may be asked for, best first.  SkylakeX stands for all of AVX-512: every
 * version since 0.3 knows it, while Cooperlake, whose products of floats are the
 * same, is an unknown name to some, which then take Prescott.
 */
static const char *const candidates[] = {"SkylakeX",	"Zen",	   "Haswell",
										 "Sandybridge", "Nehalem", "Prescott"};

#define COUNT(a) ((int) (sizeof(a) / sizeof((a)[0])))

/* Builds for one processor write their name in capitals. */
static bool
same_name(const char *a, const char *b)
{
	for (; *a != '\0' && *b != '\0'; a++, b++)
	{
		const int x = *a >= 'A' && *a <= 'Z' ? *a + 32 : *a;
		const int y = *b >= 'A' && *b <= 'Z' ? *b + 32 : *b;

		if (x != y)
			return false;
	}
	return *a == *b;
}

/* -1: not known */
static int
find_set(const char *name)
{
	for (int i = 0; i < COUNT(sets); i++)
		if (same_name(sets[i].name, name))
			return i;
	return -1;
}

static bool
is_amd(const NNProcessor *processor)
{
	return strcmp(processor->vendor, "AuthenticAMD") == 0 ||
		strcmp(processor->vendor, "HygonGenuine") == 0;
}

/* Whether the processor can run a candidate, and it is that of its vendor. */
static bool
may_ask(const NNProcessor *processor, const char *name)
{
	if (strcmp(name, "Zen") == 0 && !is_amd(processor))
		return false;
	return nn_processor_has(processor, sets[find_set(name)].needs);
}

NNKernelFit
nn_kernel_set_fit(const NNProcessor *processor, const char *taken)
{
	const int set = find_set(taken);

	if (set < 0 || processor->vendor[0] == '\0')
		return NN_FIT_UNKNOWN;
	if (!nn_processor_has(processor, sets[set].needs))
		return NN_FIT_BEYOND;
	for (int i = 0; i < COUNT(candidates); i++)
		if (sets[find_set(candidates[i])].vectors > sets[set].vectors &&
			may_ask(processor, candidates[i]))
			return NN_FIT_BELOW;
	return NN_FIT_RIGHT;
}

/* "OpenBLAS 0.3.29 ...": a version that goes by features where its list ends. */
static bool
chooses_right(const char *config)
{
	int major = 0;
	int minor = 0;
	int patch = 0;

	if (sscanf(config, "OpenBLAS %d.%d.%d", &major, &minor, &patch) != 3)
		return false;
	return major > 0 || minor > 3 || (minor == 3 && patch >= 29);
}

const char *
nn_kernel_set_better(const NNProcessor *processor, const char *config, const char *taken,
					 const char *after)
{
	const NNKernelFit fit = nn_kernel_set_fit(processor, taken);
	const bool usable = fit == NN_FIT_BELOW;
	bool passed = after == NULL;

	/* what is beyond a limit that was set is not OpenBLAS's to know */
	if ((chooses_right(config) && fit != NN_FIT_BEYOND) ||
		(fit != NN_FIT_BELOW && fit != NN_FIT_BEYOND))
		return NULL;
	for (int i = 0; i < COUNT(candidates); i++)
	{
		const int set = find_set(candidates[i]);

		if (usable && sets[set].vectors <= sets[find_set(taken)].vectors)
			return NULL;
		if (passed && may_ask(processor, candidates[i]))
			return candidates[i];
		passed = passed || strcmp(candidates[i], after) == 0;
	}
	return NULL;
}
