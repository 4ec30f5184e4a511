/*
 * kernels_processor.c
 *	  Features from the words of CPUID, and the set of OpenBLAS's kernels that
 *	  follows from them, for processors that need not be here.
 */
#include <string.h>

#include "core/kernels/kernel_set.h"
#include "core/kernels/processor.h"
#include "unit.h"

/* The words of an Emerald Rapids, a Haswell and a Nehalem, as far as they are read. */
static const NNCpuid emerald = {
	.vendor = "GenuineIntel",
	.leaf1_ecx = 0x7FFEFBFFu,
	.leaf7_ebx = 0xF1BF2FBBu,
	.leaf7_ecx = 0x1B415F6Eu,
	.leaf7_edx = 0xFFC14410u,
	.leaf7_1_eax = 0x00001C30u,
	.extended1_ecx = 0x00000121u,
	.xcr0 = 0x602E7,
};
static const NNCpuid haswell = {
	.vendor = "GenuineIntel",
	.leaf1_ecx = 0x7FFAFBBFu,
	.leaf7_ebx = 0x000027ABu,
	.extended1_ecx = 0x00000021u,
	.xcr0 = 7,
};
static const NNCpuid nehalem = {.vendor = "GenuineIntel", .leaf1_ecx = 0x0098E3BDu};

static unsigned
features_of(NNCpuid words)
{
	return nn_processor_of(&words).features;
}

static void
check_features(void)
{
	NNCpuid words = emerald;
	const unsigned avx512 = NN_X86_64_V4 & ~(unsigned) NN_X86_64_V3;
	const unsigned amx = NN_AMX_TILE | NN_AMX_BF16;
	const unsigned bfloat16 = NN_AVX512_BF16 | amx;
	const unsigned wide = avx512 | bfloat16 | NN_AVX512_VNNI;
	const unsigned avx = NN_AVX | NN_AVX2 | NN_FMA | NN_F16C;

	CHECK(features_of(emerald) == (NN_X86_64_V4 | NN_AVX512_VNNI | bfloat16),
		  "Emerald Rapids has all but FMA4");
	CHECK(features_of(haswell) == NN_X86_64_V3, "Haswell has what x86-64-v3 asks for");
	CHECK(features_of(nehalem) == (NN_SSE3 | NN_SSSE3 | NN_SSE4_1 | NN_SSE4_2 | NN_POPCNT),
		  "Nehalem has SSE4.2");
	words.xcr0 = 7;
	CHECK((features_of(words) & wide) == 0 && (features_of(words) & avx) == avx,
		  "a system that does not save the registers of AVX-512 hides it");
	words.xcr0 = 3;
	CHECK((features_of(words) & (wide | avx)) == 0 && (features_of(words) & NN_SSE4_2) != 0,
		  "one that saves those of SSE alone hides AVX as well");
	words = emerald;
	words.leaf1_ecx &= ~(1u << 27);
	CHECK((features_of(words) & (wide | avx)) == 0, "so does one that does not say what it saves");
	words = emerald;
	words.leaf7_1_eax = 0;
	CHECK(features_of(words) == (NN_X86_64_V4 | NN_AVX512_VNNI | amx),
		  "a hypervisor may hide one feature");
	words = emerald;
	words.xcr0 = 0xE7;
	CHECK(features_of(words) == (NN_X86_64_V4 | NN_AVX512_VNNI | NN_AVX512_BF16),
		  "a system that does not save tiles hides AMX");
	words.xcr0 = 0x200E7;
	CHECK((features_of(words) & amx) == 0, "nor is their configuration alone enough");
	words = emerald;
	words.leaf7_edx = 1u << 24;
	CHECK((features_of(words) & amx) == NN_AMX_TILE, "tiles may come without bfloat16");
	CHECK(features_of((NNCpuid){.vendor = ""}) == 0, "of another architecture nothing is known");
}

typedef struct Choice
{
	const char *what;
	const char *vendor;
	unsigned features;
	const char *config;
	const char *taken;	/* by OpenBLAS itself */
	NNKernelFit fit;	/* of that */
	const char *better; /* what is asked for instead, or NULL */
	const char *next;	/* if that was in vain */
} Choice;

#define SSE4 (NN_SSE3 | NN_SSSE3 | NN_SSE4_1 | NN_SSE4_2 | NN_POPCNT)
#define SANDY (SSE4 | NN_AVX)
#define V3 NN_X86_64_V3
#define V4 NN_X86_64_V4
#define OLD "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Prescott MAX_THREADS=64"
#define NEW "OpenBLAS 0.3.29 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Prescott MAX_THREADS=128"
#define INTEL "GenuineIntel"
#define AMD "AuthenticAMD"

static const Choice choices[] = {
	{"Emerald Rapids", INTEL, V4 | NN_AVX512_BF16, OLD, "Prescott", NN_FIT_BELOW, "SkylakeX",
	 "Haswell"},
	{"Emerald Rapids, an older version", INTEL, V4 | NN_AVX512_BF16, "OpenBLAS 0.3.9 ", "Haswell",
	 NN_FIT_BELOW, "SkylakeX", NULL},
	{"Emerald Rapids, version 0.3.28", INTEL, V4 | NN_AVX512_BF16, "OpenBLAS 0.3.28.dev ",
	 "Nehalem", NN_FIT_BELOW, "SkylakeX", "Haswell"},
	{"Emerald Rapids, version 0.3.29", INTEL, V4 | NN_AVX512_BF16, NEW, "Prescott", NN_FIT_BELOW,
	 NULL, NULL},
	{"AVX-512 that is not to be used, version 0.3.29", INTEL, V3, NEW, "SkylakeX", NN_FIT_BEYOND,
	 "Haswell", "Sandybridge"},
	{"version 0.4.0", INTEL, V4, "OpenBLAS 0.4.0 ", "Prescott", NN_FIT_BELOW, NULL, NULL},
	{"version 1.0.0", INTEL, V4, "OpenBLAS 1.0.0 ", "Prescott", NN_FIT_BELOW, NULL, NULL},
	{"a version that does not tell", INTEL, V4, "", "Prescott", NN_FIT_BELOW, "SkylakeX",
	 "Haswell"},
	{"AVX-512 without BF16", INTEL, V4, OLD, "SkylakeX", NN_FIT_RIGHT, NULL, NULL},
	{"AVX-512, Cooperlake", INTEL, V4 | NN_AVX512_BF16, OLD, "Cooperlake", NN_FIT_RIGHT, NULL,
	 NULL},
	{"AVX-512, Sapphire Rapids", INTEL, V4 | NN_AVX512_BF16, NEW, "SapphireRapids", NN_FIT_RIGHT,
	 NULL, NULL},
	{"Cooperlake where BF16 is hidden", INTEL, V4, OLD, "Cooperlake", NN_FIT_BEYOND, "SkylakeX",
	 "Haswell"},
	{"AVX-512 without VL (Knights Landing)", INTEL, V3 | NN_AVX512F | NN_AVX512CD, OLD, "Haswell",
	 NN_FIT_RIGHT, NULL, NULL},
	{"the same, forced up", INTEL, V3 | NN_AVX512F | NN_AVX512CD, OLD, "SkylakeX", NN_FIT_BEYOND,
	 "Haswell", "Sandybridge"},
	{"AVX2 of a later desktop", INTEL, V3, OLD, "Prescott", NN_FIT_BELOW, "Haswell", "Sandybridge"},
	{"AVX2", INTEL, V3, OLD, "Haswell", NN_FIT_RIGHT, NULL, NULL},
	{"AVX2, kernels of AVX", INTEL, V3, OLD, "Sandybridge", NN_FIT_BELOW, "Haswell", NULL},
	{"AVX2 without FMA", INTEL, SANDY | NN_AVX2, OLD, "Prescott", NN_FIT_BELOW, "Sandybridge",
	 NULL},
	{"AVX only", INTEL, SANDY, OLD, "Prescott", NN_FIT_BELOW, "Sandybridge", NULL},
	{"Haswell whose AVX2 is hidden", INTEL, SANDY, OLD, "Haswell", NN_FIT_BEYOND, "Sandybridge",
	 "Nehalem"},
	{"SSE only", INTEL, SSE4, OLD, "Nehalem", NN_FIT_RIGHT, NULL, NULL},
	{"SSE only, older kernels", INTEL, SSE4, OLD, "Prescott", NN_FIT_RIGHT, NULL, NULL},
	{"SSE only, forced up", INTEL, SSE4, OLD, "Zen", NN_FIT_BEYOND, "Nehalem", "Prescott"},
	{"SSE3 only", INTEL, NN_SSE3, OLD, "Haswell", NN_FIT_BEYOND, "Prescott", NULL},
	{"Zen 4 of an old version", AMD, V4 | NN_AVX512_BF16, OLD, "Zen", NN_FIT_BELOW, "SkylakeX",
	 NULL},
	{"Zen 5, unknown", AMD, V4 | NN_AVX512_BF16, OLD, "Prescott", NN_FIT_BELOW, "SkylakeX", "Zen"},
	{"Zen 3", AMD, V3, OLD, "Zen", NN_FIT_RIGHT, NULL, NULL},
	{"Zen 3, Haswell's kernels", AMD, V3, OLD, "Haswell", NN_FIT_RIGHT, NULL, NULL},
	{"Zen 3, unknown", AMD, V3, OLD, "Barcelona", NN_FIT_BELOW, "Zen", "Haswell"},
	{"Zen under a hypervisor that hides AVX2", AMD, SANDY, OLD, "Zen", NN_FIT_BEYOND, "Sandybridge",
	 "Nehalem"},
	{"Excavator", AMD, V3 | NN_FMA4, OLD, "Excavator", NN_FIT_RIGHT, NULL, NULL},
	{"Piledriver", AMD, SANDY | NN_FMA | NN_FMA4, OLD, "Piledriver", NN_FIT_RIGHT, NULL, NULL},
	{"Bulldozer where FMA4 is hidden", AMD, SANDY, OLD, "Bulldozer", NN_FIT_BEYOND, "Sandybridge",
	 "Nehalem"},
	{"Hygon", "HygonGenuine", V3, OLD, "Barcelona", NN_FIT_BELOW, "Zen", "Haswell"},
	{"another vendor, AVX2", "  Shanghai  ", V3, OLD, "Nehalem", NN_FIT_BELOW, "Haswell",
	 "Sandybridge"},
	{"another vendor, AVX-512", "SomebodyElse", V4, OLD, "Prescott", NN_FIT_BELOW, "SkylakeX",
	 "Haswell"},
	{"a build for one processor", INTEL, V4, OLD, "HASWELL", NN_FIT_BELOW, "SkylakeX", NULL},
	{"a set that is not known", INTEL, V4, OLD, "Quantum", NN_FIT_UNKNOWN, NULL, NULL},
	{"no name", INTEL, V4, OLD, "", NN_FIT_UNKNOWN, NULL, NULL},
	{"ARM", "", 0, OLD, "NEOVERSEN1", NN_FIT_UNKNOWN, NULL, NULL},
	{"ARM, a name of x86", "", 0, OLD, "Prescott", NN_FIT_UNKNOWN, NULL, NULL},
};

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
check_choices(void)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
	{
		const Choice *c = &choices[i];
		NNProcessor processor = {.features = c->features};
		const char *better;
		const char *next;

		strcpy(processor.vendor, c->vendor);
		better = nn_kernel_set_better(&processor, c->config, c->taken, NULL);
		next =
			better != NULL ? nn_kernel_set_better(&processor, c->config, c->taken, better) : NULL;
		if (!CHECK(nn_kernel_set_fit(&processor, c->taken) == c->fit && same(better, c->better) &&
					   same(next, c->next),
				   "%s: OpenBLAS took %s, %s is asked for", c->what, c->taken,
				   c->better != NULL ? c->better : "nothing else"))
			printf("# got %s, then %s\n", better != NULL ? better : "nothing",
				   next != NULL ? next : "nothing");
	}
}

/* The compiler's own idea of this processor. */
static void
check_this(void)
{
#if defined(__x86_64__)
	const NNProcessor *here = nn_processor();

	__builtin_cpu_init();
	CHECK(nn_processor_has(here, NN_AVX2) == (__builtin_cpu_supports("avx2") != 0),
		  "AVX2 is here or not");
	CHECK(nn_processor_has(here, NN_FMA) == (__builtin_cpu_supports("fma") != 0),
		  "FMA is here or not");
	CHECK(nn_processor_has(here, NN_AVX512F) == (__builtin_cpu_supports("avx512f") != 0),
		  "AVX-512 is here or not");
	CHECK(nn_processor_has(here, NN_AVX512VL) == (__builtin_cpu_supports("avx512vl") != 0),
		  "and its short vectors");
	CHECK(nn_processor_has(here, NN_BMI2) == (__builtin_cpu_supports("bmi2") != 0),
		  "BMI2 is here or not");
#endif
	char text[NN_PROCESSOR_TEXT];

	nn_processor_text(text);
	CHECK(strlen(text) < NN_PROCESSOR_TEXT - 1, "this is %s", text);
}

int
main(void)
{
	check_features();
	check_choices();
	check_this();
	return unit_done();
}
