/*
 * openblas.c
 *	  OpenBLAS, opened when the first model is used; from then on it stays.
 *
 * It is not linked, because its usual variant starts threads of its own as it
 * is loaded, before the caller could block signals or say how many are wanted,
 * and which variant is found is the system's choice, not the link's.
 * OPENBLAS_NUM_THREADS and OMP_NUM_THREADS are 1 for the moment of loading:
 * products are split over our own threads.
 *
 * Which kernels it took is looked at once it is loaded.  If the processor's
 * features say that others are right (kernel_set.c), and OPENBLAS_CORETYPE is
 * not set by whoever started the server, it is closed, which unloads it, and
 * opened again with that variable set for the moment.
 *
 * Memory: at its first product each thread takes a buffer of address space,
 * which OpenBLAS keeps.  Refused, some versions try again for ever and others
 * exit.  So its buffers are made here, while nobody else computes and after
 * it was found that the memory can be had; see nn_blas_reserve.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_DEFAULT, RTLD_DEEPBIND */
#endif
#include "core/kernels/backend.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/kernels/kernel_set.h"

#define LIBRARY "libopenblas.so.0"
#define CORE_VARIABLE "OPENBLAS_CORETYPE"

/* Address space of the library with those that it needs, and of a thread's buffer: measured. */
#define LIBRARY_BYTES ((size_t) 64 << 20)
#define BUFFER_BYTES ((size_t) 128 << 20)
/* What the process is left with beside: a thread's stack, and some for the rest of it. */
#define THREAD_BYTES ((size_t) 4 << 20)
#define SPARE_BYTES ((size_t) 16 << 20)
#define MAX_BUFFERS 64
#define STACK_BYTES ((size_t) 448 << 10) /* less than PostgreSQL keeps free of it */

#ifdef NN_DOUBLE
#define GEMM_NAME "cblas_dgemm"
#define GEMV_NAME "cblas_dgemv"
#else
#define GEMM_NAME "cblas_sgemm"
#define GEMV_NAME "cblas_sgemv"
#endif

/* values of the C interface of BLAS */
#define ROW_MAJOR 101
#define NO_TRANS 111
#define TRANS 112

static struct
{
	void *library;
	bool loaded;  /* products can be computed */
	bool settled; /* its functions are found and its kernels chosen */
	void (*gemm)(int order, int ta, int tb, int m, int n, int k, nn_real alpha, const nn_real *a,
				 int lda, const nn_real *b, int ldb, nn_real beta, nn_real *c, int ldc);
	void (*gemv)(int order, int ta, int m, int n, nn_real alpha, const nn_real *a, int lda,
				 const nn_real *x, int incx, nn_real beta, nn_real *y, int incy);
	void (*set_num_threads)(int n);
	int (*get_num_threads)(void);
	char *(*get_config)(void);
	char *(*get_corename)(void);
	/* what its products take and give back, NULL if they cannot be called */
	void *(*take_buffer)(int caller);
	void (*give_buffer)(void *buffer);

	int buffers; /* that it is known to have */
	NNKernelFit fit;
	char choice[256]; /* in words */
	bool by_environment;
	int threads_before; /* of its own, outside of jobs */
} openblas;

/* ---- its buffers ---- */

/* Whether so much more could be mapped, at this moment and as OpenBLAS does. */
static bool
can_map(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return false;
	munmap(memory, bytes);
	return true;
}

/*
 * Buffers are given out first free, first taken: as many as were held at once
 * are enough for as many threads.  Whether the memory can be had is looked at
 * for one buffer at a time, right before it is taken, so that other processes
 * have little time to take it away.
 */
static int
make_buffers(int n)
{
	void *held[MAX_BUFFERS];
	const bool takes = openblas.take_buffer != NULL;
	int count = 0;

	if (n <= openblas.buffers)
		return n;
	if (n > MAX_BUFFERS)
		n = MAX_BUFFERS;
	for (; count < n; count++)
	{
		const size_t buffers = takes ? 1 : (size_t) (count + 1 - openblas.buffers);

		if (count >= openblas.buffers &&
			!can_map(buffers * BUFFER_BYTES + (size_t) count * THREAD_BYTES + SPARE_BYTES))
			break;
		held[count] = takes ? openblas.take_buffer(0) : NULL;
		if (takes && held[count] == NULL)
			break;
	}
	for (int i = 0; i < count && takes; i++)
		openblas.give_buffer(held[i]);
	if (count > openblas.buffers)
		openblas.buffers = count;
	return count;
}

/* ---- loading ---- */

/* A variable of the environment that has another value for a moment. */
typedef struct Borrowed
{
	const char *name;
	bool existed;
	char value[256];
} Borrowed;

/* False: its value is too long to be kept, and it stays. */
static bool
borrow(Borrowed *variable, const char *name, const char *for_now)
{
	const char *value = getenv(name);

	variable->name = name;
	variable->existed = value != NULL;
	if (value != NULL)
	{
		if (strlen(value) >= sizeof(variable->value))
			return false;
		strcpy(variable->value, value);
	}
	return setenv(name, for_now, 1) == 0;
}

static void
give_back(const Borrowed *variable)
{
	if (variable->existed)
		setenv(variable->name, variable->value, 1);
	else
		unsetenv(variable->name);
}

/*
 * Its 14,000 references are looked up in itself before they are in the
 * server and its forty libraries, a third of the time.  Not where memory is another's
 * affair than the C library's: what that gave to a library must be given back there.
 */
static int
how_bound(void)
{
#ifdef RTLD_DEEPBIND
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	int how = 0;

	if (libc == NULL)
		return 0;
	if (dlsym(RTLD_DEFAULT, "malloc") == dlsym(libc, "malloc") &&
		dlsym(RTLD_DEFAULT, "free") == dlsym(libc, "free"))
		how = RTLD_DEEPBIND;
	dlclose(libc);
	return how;
#else
	return 0;
#endif
}

/* With the kernels named core, or by its own choice (NULL). */
static void *
open_with(const char *core)
{
	const int mode = RTLD_NOW | RTLD_LOCAL | how_bound();
	Borrowed variable;
	void *library;

	if (core == NULL)
		return dlopen(LIBRARY, mode);
	if (!borrow(&variable, CORE_VARIABLE, core))
		return NULL;
	library = dlopen(LIBRARY, mode);
	give_back(&variable);
	return library;
}

/* Store the address of a function; ISO C has no cast for it. */
static bool
find_function(const char *name, void *function)
{
	void *address = dlsym(openblas.library, name);

	memcpy(function, &address, sizeof(address));
	return address != NULL;
}

static bool
find_functions(void)
{
	if (!find_function("blas_memory_alloc", &openblas.take_buffer) ||
		!find_function("blas_memory_free", &openblas.give_buffer))
		openblas.take_buffer = NULL;
	return find_function(GEMM_NAME, &openblas.gemm) && find_function(GEMV_NAME, &openblas.gemv) &&
		find_function("openblas_set_num_threads", &openblas.set_num_threads) &&
		find_function("openblas_get_num_threads", &openblas.get_num_threads) &&
		find_function("openblas_get_config", &openblas.get_config) &&
		find_function("openblas_get_corename", &openblas.get_corename);
}

/*
 * Close it and open it with other kernels, unless somebody else in this process
 * has it open: then it stays as it is, and *others is set.  False: it cannot be
 * opened any more.
 */
static bool
open_again(const char *core, bool *others)
{
	dlclose(openblas.library);
	openblas.library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
	*others = openblas.library != NULL;
	if (openblas.library == NULL)
		openblas.library = open_with(core);
	return openblas.library != NULL && find_functions();
}

static void
tell_choice(const char *alone, const char *asked, const char *environment, bool others)
{
	if (environment != NULL)
		snprintf(openblas.choice, sizeof(openblas.choice), CORE_VARIABLE " is %.32s", environment);
	else if (others)
		snprintf(openblas.choice, sizeof(openblas.choice),
				 "taken before nnet opened it, by another user of OpenBLAS in this session");
	else if (asked != NULL)
		snprintf(openblas.choice, sizeof(openblas.choice),
				 "asked for %s by the processor's features; OpenBLAS by itself took %s", asked,
				 alone);
	else
		snprintf(openblas.choice, sizeof(openblas.choice), "OpenBLAS by itself took %s", alone);
}

/* Kernels that suit the processor, if they can be had.  False as in open_again. */
static bool
settle_kernels(void)
{
	const NNProcessor *processor = nn_processor();
	const char *environment = getenv(CORE_VARIABLE);
	const char *asked = NULL;
	const char *better;
	char alone[32];
	bool others = false;

	if (environment != NULL && environment[0] == '\0')
		environment = NULL;
	snprintf(alone, sizeof(alone), "%s", openblas.get_corename());
	while (environment == NULL && !others &&
		   (better = nn_kernel_set_better(processor, openblas.get_config(), openblas.get_corename(),
										  asked)) != NULL)
	{
		asked = better;
		if (!open_again(asked, &others))
			return false;
	}
	openblas.by_environment = environment != NULL;
	openblas.fit = nn_kernel_set_fit(processor, openblas.get_corename());
	tell_choice(alone, asked, environment, others);
	return true;
}

/*
 * What dlopen complains of, a static text.  Messages may be in any language, but
 * a file that is not there ends them as the system says so.
 */
static const char *
loading_error(NNBlasProblem *problem)
{
	static char message[512];
	const char *error = dlerror();
	const char *missing = strerror(ENOENT);
	size_t length;

	snprintf(message, sizeof(message), "%s",
			 error != NULL ? error : CORE_VARIABLE " cannot be set");
	length = strlen(message);
	if (length >= strlen(missing) && strcmp(message + length - strlen(missing), missing) == 0)
		*problem = NN_BLAS_MISSING;
	return message;
}

static const char *
no_memory(NNBlasProblem *problem)
{
	*problem = NN_BLAS_NO_MEMORY;
	return "not enough address space";
}

/*
 * Products of ours have frames of up to 330 kB, and a stack that cannot grow ends
 * the process: it grows here, where it was found that it can.
 */
static void grow_stack(void) __attribute__((noinline));

static void
grow_stack(void)
{
	volatile char frame[STACK_BYTES];

	for (size_t i = 0; i < STACK_BYTES; i += 1024)
		frame[STACK_BYTES - 1 - i] = 0;
	(void) frame[0];
}

/* With one thread; NULL, or what is wrong.  What was done is not done again. */
static const char *
load_alone(NNBlasProblem *problem)
{
	/* some versions take a buffer as they are loaded */
	if (!openblas.settled && !can_map(LIBRARY_BYTES + BUFFER_BYTES))
		return no_memory(problem);
	grow_stack();
	if (openblas.library == NULL)
		openblas.library = open_with(NULL);
	if (openblas.library == NULL)
		return loading_error(problem);
	if (!openblas.settled && !find_functions())
		return LIBRARY " is not OpenBLAS: functions are missing";
	if (!openblas.settled && !settle_kernels())
		return loading_error(problem);
	openblas.settled = true;
	if (make_buffers(1) < 1)
		return no_memory(problem);
	openblas.loaded = true;
	return NULL;
}

const char *
nn_blas_load(NNBlasProblem *problem)
{
	const char *why = "OPENBLAS_NUM_THREADS or OMP_NUM_THREADS cannot be set";
	NNBlasProblem unasked;
	Borrowed one;
	Borrowed other;

	if (openblas.loaded)
		return NULL;
	if (problem == NULL)
		problem = &unasked;
	*problem = NN_BLAS_BROKEN;
	if (!borrow(&one, "OPENBLAS_NUM_THREADS", "1"))
		return why;
	if (borrow(&other, "OMP_NUM_THREADS", "1"))
	{
		why = load_alone(problem);
		give_back(&other);
	}
	give_back(&one);
	return why;
}

/* ---- what it is ---- */

bool
nn_blas_loaded(void)
{
	return openblas.loaded;
}

const char *
nn_blas_config(void)
{
	return openblas.loaded ? openblas.get_config() : "";
}

const char *
nn_blas_core(void)
{
	return openblas.loaded ? openblas.get_corename() : "";
}

const char *
nn_blas_choice(void)
{
	return openblas.choice;
}

const char *
nn_blas_doubt(void)
{
	switch (openblas.fit)
	{
		case NN_FIT_BELOW:
			return "the processor can do more";
		case NN_FIT_BEYOND:
			return "the processor, or the system, lacks what these kernels use";
		case NN_FIT_UNKNOWN:
			return nn_processor()->vendor[0] != '\0' ? "what these kernels use is not known" : NULL;
		default:
			return NULL;
	}
}

bool
nn_blas_core_was_set(void)
{
	return openblas.by_environment;
}

NNKernelFit
nn_blas_fit(void)
{
	return openblas.fit;
}

int
nn_blas_threads(void)
{
	return openblas.loaded ? openblas.get_num_threads() : 1;
}

/* In the OpenMP variant the number is each calling thread's own. */
void
nn_blas_thread_init(void)
{
	if (openblas.loaded)
		openblas.set_num_threads(1);
}

void
nn_blas_job_begin(void)
{
	openblas.threads_before = nn_blas_threads();
	if (openblas.threads_before > 1)
		openblas.set_num_threads(1);
}

void
nn_blas_job_end(void)
{
	if (openblas.threads_before > 1)
		openblas.set_num_threads(openblas.threads_before);
}

size_t
nn_blas_bytes(int threads)
{
	return LIBRARY_BYTES + (size_t) threads * (BUFFER_BYTES + THREAD_BYTES) + SPARE_BYTES;
}

int
nn_blas_reserve(int n)
{
	return openblas.loaded ? make_buffers(n) : n;
}

/* ---- products ---- */

static bool
openblas_multiply(const NNProduct *t)
{
	const int a_trans = t->ta ? TRANS : NO_TRANS, b_trans = t->tb ? TRANS : NO_TRANS;
	const int lda = (int) t->lda, ldb = (int) t->ldb, ldc = (int) t->ldc;

	if (!openblas.loaded)
		return false;
	if (t->m > 1 && t->n > 1)
	{
		openblas.gemm(ROW_MAJOR, a_trans, b_trans, t->m, t->n, t->k, t->alpha, t->a, lda, t->b, ldb,
					  t->beta, t->c, ldc);
		return true;
	}
	/* gemv of some versions multiplies y by beta even if it is 0 */
	for (int i = 0; i < t->m && t->beta == 0; i++)
		nn_zero(t->c + (size_t) i * t->ldc, (size_t) t->n);
	if (t->m == 1)
		openblas.gemv(ROW_MAJOR, t->tb ? NO_TRANS : TRANS, t->tb ? t->n : t->k, t->tb ? t->k : t->n,
					  t->alpha, t->b, ldb, t->a, t->ta ? lda : 1, t->beta, t->c, 1);
	else
		openblas.gemv(ROW_MAJOR, a_trans, t->ta ? t->k : t->m, t->ta ? t->m : t->k, t->alpha, t->a,
					  lda, t->b, t->tb ? 1 : ldb, t->beta, t->c, ldc);
	return true;
}

const NNBackend nn_backend_openblas = {
	.name = "openblas",
	.element = sizeof(nn_real) == sizeof(float) ? "float32" : "float64",
	.level = NN_LEVEL_MOST,
	.multiply = openblas_multiply,
};
