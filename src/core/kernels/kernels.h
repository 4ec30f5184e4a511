/*
 * kernels.h
 *	  The lowest room of the core: arithmetic on plain arrays.
 *
 * Nothing here knows of layers, models or PostgreSQL.  No function allocates,
 * prints or fails (except loading BLAS, once); all may run on any thread.
 *
 * nn_real is float in the extension.  The unit tests build the same files
 * with -DNN_DOUBLE, so that gradients are checked in double precision.
 */
#ifndef NN_KERNELS_H
#define NN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/kernels/hot.h"

#ifdef NN_DOUBLE
typedef double nn_real;
#else
typedef float nn_real;
#endif

/* Buffers and the parts planned in them are aligned to cache lines. */
#define NN_ALIGN 64
#define NN_ALIGN_REALS(n) \
	(((n) + NN_ALIGN / sizeof(nn_real) - 1) & ~(size_t) (NN_ALIGN / sizeof(nn_real) - 1))

/* Ask for bytes that are read some time from now, into the second cache level. */
NN_INLINE void
nn_prefetch(const void *at, size_t bytes)
{
	/* as numbers: it need not be an address of anything */
	for (size_t i = 0; i < bytes; i += NN_ALIGN)
		__builtin_prefetch((const void *) ((uintptr_t) at + i), 0, 2);
}

/* in openblas.c: the library that multiplies large matrices */

typedef enum NNKernelFit
{
	NN_FIT_UNKNOWN, /* another architecture, or a name that is not known here */
	NN_FIT_BELOW,	/* the processor can do more */
	NN_FIT_RIGHT,
	NN_FIT_BEYOND /* the processor, or the system on it, lacks what these kernels use */
} NNKernelFit;

typedef enum NNBlasProblem
{
	NN_BLAS_MISSING,   /* it, or something it needs, is not installed */
	NN_BLAS_NO_MEMORY, /* not enough address space, see nn_blas_bytes */
	NN_BLAS_BROKEN
} NNBlasProblem;

/*
 * Load OpenBLAS (see the head of openblas.c).  The caller has blocked all
 * signals.  Returns NULL, or a static text that says why it cannot be loaded;
 * *problem, unless NULL, is then its kind.
 */
extern const char *nn_blas_load(NNBlasProblem *problem);
/*
 * See to it that n threads have the memory that OpenBLAS takes for itself at
 * their products.  Returns for how many there is, 1 to n: a product of one
 * thread more could hang.  No product is being computed meanwhile.
 */
extern int nn_blas_reserve(int n);
/* Address space that loading it and products of that many threads take. */
extern size_t nn_blas_bytes(int threads);
extern bool nn_blas_loaded(void);
extern const char *nn_blas_config(void); /* version and options, or "" */
extern const char *nn_blas_core(void);	 /* kernel set in use, or "" */
extern const char *nn_blas_choice(void); /* who chose it, in words, or "" */
/* Whether the set was OPENBLAS_CORETYPE's, and it suits the processor; why it may not, or NULL. */
extern bool nn_blas_core_was_set(void);
extern NNKernelFit nn_blas_fit(void);
extern const char *nn_blas_doubt(void);
extern int nn_blas_threads(void); /* OpenBLAS's own thread count, 1 wanted */
/* Each thread calls this before its first product (OpenMP variant). */
extern void nn_blas_thread_init(void);
/* Around products: OpenBLAS's own threads, which another user of it may want, rest meanwhile. */
extern void nn_blas_job_begin(void);
extern void nn_blas_job_end(void);

/* in processor.c: features in words, NN_PROCESSOR_TEXT with its end; "" if unknown */

#define NN_PROCESSOR_TEXT 256
extern void nn_processor_text(char *text);

/* in backend.c: products */

/* What both factors of a product are rounded to; sums are nn_reals. */
typedef enum NNPrecision
{
	NN_FLOAT32, /* nothing: nn_real */
	NN_BFLOAT16,
	NN_PRECISIONS
} NNPrecision;

/* To be asked by the main thread before it is used the first time: that settles who multiplies. */
extern bool nn_precision_has(NNPrecision which);
/*
 * From here on the calling thread multiplies, packs and reads packed weights with
 * that precision, which there must be.  What was packed with one is not to be
 * read with another.
 */
extern void nn_precision_use(NNPrecision which);
extern NNPrecision nn_precision(void); /* the calling thread's */

/* The i-th backend that is asked for products of a precision, in words; NULL: there are no more. */
extern const char *nn_backend_name(NNPrecision which, int i);

/*
 * C (m, n) = alpha op(A) op(B) + beta C, row-major; op is the transpose where
 * ta or tb.  op(A) is (m, k), op(B) is (k, n).  One row goes to gemv.
 * When the job is to stop, C may be left as it is at that moment.
 */
extern void nn_gemm(bool ta, bool tb, int m, int n, int k, nn_real alpha, const nn_real *a, int lda,
					const nn_real *b, int ldb, nn_real beta, nn_real *c, int ldc);

/*
 * count products of the same shape; from one to the next, A, B and C are next_
 * reals further (0: the same one, not for C).  When the job is to stop, each C
 * may be left as it is at that moment.
 */
extern void nn_gemm_batched(int count, bool ta, bool tb, int m, int n, int k, nn_real alpha,
							const nn_real *a, int lda, size_t next_a, const nn_real *b, int ldb,
							size_t next_b, nn_real beta, nn_real *c, int ldc, size_t next_c);

/* Products whose right factor stays the same, for backends that read it packed. */

/* A matrix (k, n) in the order in which products read it. */
typedef struct NNPacked
{
	const nn_real *panels; /* nn_packed_reals, NN_ALIGN aligned; NULL: there is none */
	int k;
	int n;
} NNPacked;

/* A multiple of NN_ALIGN_REALS(1); 0: it is not to be packed, without kernels or since it is narrow. */
extern size_t nn_packed_reals(int k, int n);
/* Pack b (k, n), whose rows are ldb apart; turned: the transpose of b (n, k). */
extern void nn_pack(nn_real *to, bool turned, const nn_real *b, int ldb, int k, int n);
/*
 * C (m, n) = S + A B', where B' are B's columns [first, first + n).  S may be C,
 * or NULL for none; lds 0 adds the same row to all, as of biases.  False, and
 * nothing done, if B is not there or first begins no panel: then nn_gemm is to
 * do it.  When the job is to stop, C may be left as it is at that moment.
 */
extern bool nn_gemm_packed(const NNPacked *b, int first, int n, int m, const nn_real *a, int lda,
						   const nn_real *s, int lds, nn_real *c, int ldc);

/* in gemm_outer.c */

/*
 * C (m, n) += A' B for A (k, m) and B (k, n), read where they lie: gradients of weights.
 * When the job is to stop, C may be left as it is at that moment.
 */
extern void nn_gemm_outer(int m, int n, int k, const nn_real *a, int lda, const nn_real *b, int ldb,
						  nn_real *c, int ldc);

/* in transpose.c */

/* to (columns, rows) = the transpose of from (rows, columns). */
extern void nn_transpose(nn_real *to, const nn_real *from, size_t rows, size_t columns);

/* in vec.c: loops over arrays */

extern void nn_zero(nn_real *y, size_t n);
extern void nn_copy(nn_real *y, const nn_real *x, size_t n);
/* n values of each row, to rows that begin to_stride apart from rows that begin from_stride apart. */
extern void nn_copy_rows(nn_real *to, size_t to_stride, const nn_real *from, size_t from_stride,
						 size_t n, int rows);
extern void nn_add(nn_real *y, const nn_real *x, size_t n);				/* y += x */
extern void nn_mul(nn_real *y, const nn_real *x, size_t n);				/* y *= x */
extern void nn_axpy(nn_real *y, nn_real a, const nn_real *x, size_t n); /* y += a x */
extern void nn_scale(nn_real *y, nn_real a, size_t n);					/* y *= a */
extern void nn_limit(nn_real *y, size_t n, nn_real limit); /* y within [-limit, limit] */
extern void
nn_affine(nn_real *y, const nn_real *x, nn_real a, nn_real b, size_t n); /* y = a x + b */
extern void
nn_add_rows(nn_real *y, const nn_real *b, size_t rows, size_t n); /* each row of y (rows, n) += b */
extern void
nn_fill_rows(nn_real *y, const nn_real *b, size_t rows, size_t n); /* each row of y (rows, n) = b */
extern void
nn_sum_rows(nn_real *s, const nn_real *x, size_t rows, size_t n); /* s (n) += column sums of x */
extern double nn_sum_squares(const nn_real *x, size_t n);
extern double nn_sum_abs(const nn_real *x, size_t n);
extern bool nn_all_finite(const nn_real *x, size_t n);
/* The place of the first NaN or infinity; n if there is none. */
extern size_t nn_first_not_finite(const nn_real *x, size_t n);
/* low and high (n) of values seen, and the most that rounding to float took from one: seen so far, and x's. */
extern void nn_measure_rounding(double *low, double *high, double *loss, const double *x, size_t n);
extern void nn_bytes_to_reals(nn_real *y, const uint8_t *x, size_t n);
extern void nn_floats_to_reals(nn_real *y, const float *x, size_t n);
extern int nn_argmax(const nn_real *x, int n); /* the first of the largest */

/* in activation.c */

typedef enum NNActivation
{
	NN_LINEAR,
	NN_RELU,
	NN_RELU6,
	NN_LEAKY_RELU,
	NN_ELU,
	NN_SELU,
	NN_GELU,
	NN_SILU,
	NN_SOFTPLUS,
	NN_SOFTSIGN,
	NN_TANH,
	NN_SIGMOID,
	NN_HARD_SIGMOID,
	NN_EXPONENTIAL,
	NN_HARD_SHRINK,
	NN_HARD_SILU,
	NN_HARD_TANH,
	NN_LOG_SIGMOID,
	NN_MISH,
	NN_SOFT_SHRINK,
	NN_SPARSE_PLUS,
	NN_SPARSE_SIGMOID,
	NN_SQUAREPLUS,
	NN_TANH_SHRINK,
	NN_SOFTMAX,
	NN_LOG_SOFTMAX,
	NN_SPARSEMAX,
	NN_ACTIVATION_COUNT
} NNActivation;

/* A word of an enumeration in a configuration and what it stands for. */
typedef struct NNWord
{
	const char *name;
	int value;
} NNWord;

extern const NNWord nn_activation_words[]; /* ends with a NULL name; has synonyms (swish) */

/* z (n) becomes f(z) in place; what goes by rows runs over rows of width. */
extern void nn_activate(NNActivation f, nn_real *z, size_t n, size_t width);
/* Whether values of a row depend on each other (softmax, ...). */
extern bool nn_activation_by_rows(NNActivation f);
extern const char *nn_activation_name(NNActivation f);
/* Whether the derivative needs z itself (gelu, silu, ...), not only y = f(z). */
extern bool nn_activation_needs_z(NNActivation f);
/* dy (n) becomes dz in place; z may be NULL unless nn_activation_needs_z. */
extern void nn_activate_backward(NNActivation f, const nn_real *z, const nn_real *y, nn_real *dy,
								 size_t n, size_t width);

/* in random.c: counter-based, so that a draw depends on its place only */

typedef struct NNRandom
{
	uint64_t seed;
	uint64_t stream;  /* layer, purpose */
	uint64_t counter; /* next draw */
} NNRandom;

extern NNRandom nn_random(uint64_t seed, uint64_t stream);
extern uint64_t nn_random_bits(NNRandom *r);
extern double nn_random_uniform(NNRandom *r); /* [0, 1) */
extern double nn_random_normal(NNRandom *r);
extern uint64_t nn_random_below(NNRandom *r, uint64_t n); /* 0 .. n-1, unbiased */
/* One stateless draw: 32 random bits for (seed, a, b); vectorises. */
NN_INLINE uint32_t
nn_hash32(uint64_t seed, uint32_t a)
{
	uint32_t h = a * 0x9E3779B9u ^ (uint32_t) seed;

	h ^= h >> 16;
	h *= 0x21F0AAADu;
	h ^= h >> 15;
	h += (uint32_t) (seed >> 32);
	h *= 0x735A2D97u;
	h ^= h >> 15;
	h *= 0x21F0AAADu;
	h ^= h >> 16;
	return h;
}
/* A seed for one (seed, step, layer, sample): feed it to nn_hash32 by element. */
/* Hashes of strings as Keras makes them, without and with a key (kernels/fingerprint.c). */
extern uint64_t nn_fingerprint(const char *string, size_t n);
extern uint64_t nn_siphash(const char *string, size_t n, uint64_t key0, uint64_t key1);
extern uint64_t nn_mix(uint64_t seed, uint64_t a, uint64_t b, uint64_t c);

/* in initializer.c */

typedef enum NNInitializerKind
{
	NN_INIT_ZEROS,
	NN_INIT_ONES,
	NN_INIT_CONSTANT,
	NN_INIT_RANDOM_NORMAL,
	NN_INIT_RANDOM_UNIFORM,
	NN_INIT_TRUNCATED_NORMAL,
	NN_INIT_GLOROT_UNIFORM,
	NN_INIT_GLOROT_NORMAL,
	NN_INIT_HE_UNIFORM,
	NN_INIT_HE_NORMAL,
	NN_INIT_LECUN_UNIFORM,
	NN_INIT_LECUN_NORMAL,
	NN_INIT_ORTHOGONAL,
	NN_INIT_IDENTITY,
	NN_INIT_VARIANCE_SCALING
} NNInitializerKind;

/* Of a variance that is scaled: by what it is divided. */
typedef enum NNFan
{
	NN_FAN_IN,
	NN_FAN_OUT,
	NN_FAN_AVG
} NNFan;

typedef enum NNDistribution
{
	NN_TRUNCATED_NORMAL,
	NN_UNTRUNCATED_NORMAL,
	NN_UNIFORM
} NNDistribution;

typedef struct NNInitializer
{
	NNInitializerKind kind;
	double a;		  /* value, mean, minval, gain or scale */
	double b;		  /* stddev or maxval */
	int mode;		  /* NNFan, of variance_scaling */
	int distribution; /* NNDistribution, likewise */
} NNInitializer;

extern const NNWord nn_initializer_words[];
extern const NNWord nn_fan_words[];
extern const NNWord nn_distribution_words[];
/* The initializer of that kind with Keras's default a and b. */
extern NNInitializer nn_initializer_default(NNInitializerKind kind);
/*
 * Fill w with shape dim[rank] (fans as Keras computes them from the shape).
 * Orthogonal works in place and needs scratch of rows * cols reals.  When the
 * job is to stop, w is left as it is at that moment.
 */
extern void nn_initialize(const NNInitializer *init, nn_real *w, const int *dim, int rank,
						  nn_real *scratch, NNRandom *random);

/* in threads.c: the pool */

typedef struct NNPool NNPool;

/* Run by every thread of the pool, 0 being the caller. */
typedef void (*NNJob)(void *arg, int thread);

/* Called by each thread as it begins, and by the caller around each job; any may be NULL. */
typedef struct NNPoolHooks
{
	void (*thread_begin)(void);
	void (*job_begin)(void);
	void (*job_end)(void);
} NNPoolHooks;

extern void nn_pool_set_hooks(const NNPoolHooks *hooks);
/*
 * The pool of this process, grown to n threads with the caller as thread 0.
 * Call with all signals blocked.  Returns how many it has, n or fewer.
 */
extern int nn_pool_grow(int n);
extern int nn_pool_size(void); /* threads there are, the caller included */
/* Run job on n threads of the pool, at most those there are, and wait for all of them. */
extern void nn_pool_run(int n, NNJob job, void *arg);
/*
 * A job of pieces on n threads that the workers begin while the caller prepares
 * more of them.  job, on any thread, takes pieces until it finds none, and
 * meets at no barrier; it is called at every nn_pool_more, by the caller only in
 * nn_pool_finish, after which all pieces are done.  arg names the job: both
 * return false for one that was abandoned; finish also if it was interrupted.
 */
extern void nn_pool_begin(int n, NNJob job, void *arg);
extern bool nn_pool_more(const void *arg);
extern bool nn_pool_finish(const void *arg);
/*
 * Stop the job that was begun, if there is one, and wait until no worker is in
 * it: before what it reads or writes is freed or changed.  What it wrote is to
 * be thrown away.
 */
extern void nn_pool_abandon(void);
/*
 * Inside a job: wait for the others.  True when the job should end early; then
 * every thread gets the same answer at the same barrier.
 */
extern bool nn_pool_barrier(int thread);
/* End and join all threads but the caller's.  The pool can grow again. */
extern void nn_pool_end(void);

/* in stop.c: whether the job is to stop */

#define NN_MAX_WATCHED 4
/* The flag that stops jobs, or NULL for none; or any of n flags, at most NN_MAX_WATCHED. */
extern void nn_pool_watch(const volatile int *flag);
extern void nn_pool_watch_any(const volatile int *const *flags, int n);
/*
 * Between pieces of work, on any thread: whether the rest of the job's work is
 * to be skipped.  Barriers must still be attended.  Costs nanoseconds: ask
 * where some microseconds have passed.  Outside of a job it is false.
 */
extern bool nn_pool_stopping(void);
/*
 * By the calling thread, in its job: from here on it is not stopped (unless it has been:
 * ask at a barrier), until it is let go again.
 */
extern void nn_pool_hold(bool hold);

#endif /* NN_KERNELS_H */
