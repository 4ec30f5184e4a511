/*
 * kernels_openblas.c
 *	  What is made of an OpenBLAS that chooses wrongly, or whose memory is
 *	  scarce: with a library under its name (fake/openblas.c) that behaves as each
 *	  case says.  A case is a process of its own, this program with "child".
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/kernels/kernels.h"
#include "core/kernels/processor.h"
#include "unit.h"

static const char *self;

/* ---- a case's process ---- */

static long
address_space(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (file == NULL || fscanf(file, "%ld", &pages) != 1)
		exit(3);
	fclose(file);
	return pages * sysconf(_SC_PAGESIZE);
}

static void
leave_address_space(long megabytes)
{
	struct rlimit limit = {.rlim_max = RLIM_INFINITY};

	limit.rlim_cur = (rlim_t) (address_space() + (megabytes << 20));
	if (setrlimit(RLIMIT_AS, &limit) != 0)
		exit(3);
}

/*
 * Prints core|choice|doubt|how often it was loaded|OPENBLAS_CORETYPE|threads that
 * have buffers, of 8, or of how many CHILD_AFTER leaves space for after loading.
 */
static int
child(void)
{
	const char *left = getenv("CHILD_LEFT");
	const char *left_after = getenv("CHILD_LEFT_AFTER");
	const char *problem;
	NNBlasProblem kind;

	if (getenv("CHILD_HOLDS") != NULL && dlopen("libopenblas.so.0", RTLD_NOW) == NULL)
		return 3;
	if (left != NULL)
		leave_address_space(atol(left));
	problem = nn_blas_load(&kind);
	if (problem != NULL)
	{
		printf("problem %d: %s\n", (int) kind, problem);
		return 0;
	}
	if (left_after != NULL)
		leave_address_space(atol(left_after));
	printf("%s|%s|%s|%s|%s|%d\n", nn_blas_core(), nn_blas_choice(),
		   nn_blas_doubt() != NULL ? nn_blas_doubt() : "-", getenv("FAKE_LOADS"),
		   getenv("OPENBLAS_CORETYPE") != NULL ? getenv("OPENBLAS_CORETYPE") : "-",
		   nn_blas_reserve(8));
	return 0;
}

/* ---- the cases ---- */

/* What a child says under these settings of the environment. */
static const char *
answer(const char *environment)
{
	static char line[1024];
	char command[2048];
	FILE *pipe;

	snprintf(
		command, sizeof(command),
		"env -u OPENBLAS_CORETYPE LD_LIBRARY_PATH=\"$(dirname '%s')/../../fake\" %s '%s' child",
		self, environment, self);
	pipe = popen(command, "r");
	if (pipe == NULL || fgets(line, sizeof(line), pipe) == NULL)
		snprintf(line, sizeof(line), "nothing");
	if (pipe != NULL)
		pclose(pipe);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static void
check_answer(const char *environment, const char *expected, const char *what)
{
	const char *got = answer(environment);

	if (!CHECK(strcmp(got, expected) == 0, "%s", what))
		printf("# got      %s\n# expected %s\n", got, expected);
}

static void
check_choice(const char *best, const char *avx2)
{
	char expected[512];
	const bool more = strcmp(best, avx2) != 0;

	snprintf(expected, sizeof(expected),
			 "%s|asked for %s by the processor's features; OpenBLAS by itself took "
			 "Prescott|-|2|-|8",
			 best, best);
	check_answer("FAKE_VERSION=0.3.21", expected, "SSE kernels of its own choice are replaced");
	snprintf(expected, sizeof(expected),
			 "%s|asked for %s by the processor's features; OpenBLAS by itself took "
			 "Prescott|-|2||8",
			 best, best);
	check_answer("OPENBLAS_CORETYPE=", expected,
				 "an empty OPENBLAS_CORETYPE sets nothing, and stays");
	check_answer("FAKE_VERSION=0.3.29",
				 "Prescott|OpenBLAS by itself took Prescott|the processor can do more|1|-|8",
				 "a version that chooses right by itself is left alone, and the doubt is told");
	check_answer("FAKE_VERSION=0.3.21 OPENBLAS_CORETYPE=Nehalem",
				 "Nehalem|OPENBLAS_CORETYPE is Nehalem|the processor can do more|1|Nehalem|8",
				 "what the administrator set stays");
	snprintf(expected, sizeof(expected), "%s|OpenBLAS by itself took %s|-|1|-|8", best, best);
	{
		char environment[64];

		snprintf(environment, sizeof(environment), "FAKE_ALONE=%s", best);
		check_answer(environment, expected, "a right choice of its own is loaded once");
	}
	snprintf(expected, sizeof(expected),
			 "%s|asked for %s by the processor's features; OpenBLAS by itself took "
			 "Prescott|%s|%d|-|8",
			 avx2, avx2, more ? "the processor can do more" : "-", more ? 3 : 2);
	check_answer("FAKE_KNOWS=' Zen Haswell '", expected,
				 "where the best name is unknown, the next best is asked for");
	check_answer("FAKE_ALONE=Quantum",
				 "Quantum|OpenBLAS by itself took Quantum|what these kernels use is not "
				 "known|1|-|8",
				 "a name that is not known is left alone, and the doubt is told");
	check_answer("CHILD_HOLDS=1",
				 "Prescott|taken before nnet opened it, by another user of OpenBLAS in this "
				 "session|the processor can do more|1|-|8",
				 "a library that others hold open stays as it is, and the doubt is told");
}

int
main(int argc, char **argv)
{
	const NNProcessor *processor = nn_processor();
	const bool amd = strcmp(processor->vendor, "AuthenticAMD") == 0 ||
		strcmp(processor->vendor, "HygonGenuine") == 0;
	const char *avx2 = amd ? "Zen" : "Haswell";

	self = argv[0];
	if (argc > 1)
		return child();
	check_answer("CHILD_LEFT=150", "problem 1: not enough address space",
				 "where the library and one buffer do not fit, it is not loaded");
	CHECK(strncmp(answer("CHILD_LEFT=205 FAKE_VERSION=0.3.29"), "Prescott|", 9) == 0,
		  "where they fit, it is");
	CHECK(strcmp(strrchr(answer("CHILD_LEFT_AFTER=300 FAKE_VERSION=0.3.29"), '|'), "|3") == 0,
		  "two more buffers, and no third, fit into 300 MB: three threads");
	CHECK(strcmp(strrchr(answer("CHILD_LEFT_AFTER=100 FAKE_VERSION=0.3.29"), '|'), "|1") == 0,
		  "in 100 MB none: one thread, which has its own");
	if (nn_processor_has(processor, NN_X86_64_V4))
		check_choice("SkylakeX", avx2);
	else if (nn_processor_has(processor, NN_AVX2 | NN_FMA))
		check_choice(avx2, avx2);
	else
		check_answer("FAKE_VERSION=0.3.21 FAKE_ALONE=Whatever", answer("FAKE_ALONE=Whatever"),
					 "without AVX2 nothing is asked for");
	return unit_done();
}
