/*
 * internal.h
 *	  What the files of the core share: what a layer kind is, how options are
 *	  parsed, what a pass over a chunk of samples sees.
 *
 * A layer kind is one file with one const NNKind.  Only its shape() may
 * refuse; init, forward and backward cannot fail and allocate nothing.
 */
#ifndef NN_INTERNAL_H
#define NN_INTERNAL_H

#include <math.h>
#include <string.h>

#include "core/nn_gan.h"
#include "core/nn_reading.h"

#define NN_ARRAY_LENGTH(a) ((int) (sizeof(a) / sizeof((a)[0])))

/* ---- errors (base/error.c) ---- */

/* Fill error and return false, so that a check reads `return nn_error(...)`. */
extern bool nn_error(NNError *error, NNErrorCode code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Set the hint; returns false. */
extern bool nn_hint(NNError *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How many bytes of text to take, at most so many: whole characters of UTF-8. */
extern size_t nn_cut(const char *text, size_t most);
/* At most 60 bytes of a stranger's text, cut between characters, for a message. */
#define NN_CLIP 64
extern const char *nn_clip(char buf[NN_CLIP], const char *text);

/* ---- option tables (base/field.c) ---- */

typedef enum NNFieldType
{
	NN_FIELD_TYPE_INT,	/* int */
	NN_FIELD_TYPE_REAL, /* double */
	NN_FIELD_TYPE_BOOL, /* bool */
	NN_FIELD_TYPE_WORD, /* int, from words */
	NN_FIELD_TYPE_INTS, /* int[count] + nothing: one number fills all, or exactly count; NULL: all INT_MIN */
	NN_FIELD_TYPE_PAIRS, /* int[count]: a number fills all, count / 2 numbers a pair each, or [[a, b], ...] */
	NN_FIELD_TYPE_REALS, /* NNReals or NNManyReals: one number or a list of up to count */
	NN_FIELD_TYPE_SHAPE, /* NNInts: a number or a list of up to count, none 0; null becomes NN_ANY */
	NN_FIELD_TYPE_INITIALIZER, /* NNInitializer */
	NN_FIELD_TYPE_REGULARIZER, /* NNRegularizer */
	NN_FIELD_TYPE_LAYER,	   /* nothing stored: a wrapper's inner layer, read by the graph */
	NN_FIELD_TYPE_WORDS, /* int[count]: up to count words, -1 after the last; not given: none */
	NN_FIELD_TYPE_GIVEN, /* int: 0 if it is not given, else 1, or of an array how many; kept for the glue */
	NN_FIELD_TYPE_IGNORED /* accepted and kept in the table, for the glue (vocabulary) */
} NNFieldType;

#define NN_MAX_REALS 14		  /* of NNReals */
#define NN_MAX_MANY_REALS 128 /* of NNManyReals, which begins alike */

typedef struct NNReals
{
	int count; /* 0: not given */
	double value[NN_MAX_REALS];
} NNReals;

typedef struct NNManyReals
{
	int count;
	double value[NN_MAX_MANY_REALS];
} NNManyReals;

typedef struct NNInts
{
	int count; /* 0: not given */
	int value[NN_MAX_RANK];
} NNInts;

typedef struct NNRegularizer
{
	double l1, l2;
} NNRegularizer;

typedef struct NNField
{
	const char *name;
	NNFieldType type;
	size_t offset; /* in the configuration */
	bool required;
	double def;		 /* default; of a word its value; of INTS each */
	double min, max; /* inclusive */
	const NNWord *words;
	int count; /* of INTS, REALS and SHAPE */
} NNField;

#define NN_FIELD_INT(s, m, required, def, min, max)                             \
	{                                                                           \
#m, NN_FIELD_TYPE_INT, offsetof(s, m), required, def, min, max, NULL, 0 \
	}
#define NN_FIELD_REAL(s, m, required, def, min, max)                             \
	{                                                                            \
#m, NN_FIELD_TYPE_REAL, offsetof(s, m), required, def, min, max, NULL, 0 \
	}
#define NN_FIELD_BOOL(s, m, def)                                          \
	{                                                                     \
#m, NN_FIELD_TYPE_BOOL, offsetof(s, m), false, def, 0, 1, NULL, 0 \
	}
#define NN_FIELD_WORD(s, m, words, def)                                    \
	{                                                                      \
#m, NN_FIELD_TYPE_WORD, offsetof(s, m), false, def, 0, 0, words, 0 \
	}
#define NN_FIELD_ACTIVATION(s, m, def) NN_FIELD_WORD(s, m, nn_activation_words, def)
#define NN_FIELD_INTS(s, m, count, required, def, min, max)                          \
	{                                                                                \
#m, NN_FIELD_TYPE_INTS, offsetof(s, m), required, def, min, max, NULL, count \
	}
#define NN_FIELD_INITIALIZER(s, m, def)                                                          \
	{                                                                                            \
#m, NN_FIELD_TYPE_INITIALIZER, offsetof(s, m), false, def, 0, 0, nn_initializer_words, 0 \
	}
#define NN_FIELD_REGULARIZER(s, m)                                             \
	{                                                                          \
#m, NN_FIELD_TYPE_REGULARIZER, offsetof(s, m), false, 0, 0, 0, NULL, 0 \
	}
#define NN_FIELD_PAIRS(s, m, count, required, def, min, max)                          \
	{                                                                                 \
#m, NN_FIELD_TYPE_PAIRS, offsetof(s, m), required, def, min, max, NULL, count \
	}
#define NN_FIELD_REALS(s, m, count, required, min, max)                             \
	{                                                                               \
#m, NN_FIELD_TYPE_REALS, offsetof(s, m), required, 0, min, max, NULL, count \
	}
/* min 1 refuses -1 (null is the way to a variable dimension); min -1 takes it as well */
#define NN_FIELD_SHAPE(s, m, count, required, min)                                           \
	{                                                                                        \
#m, NN_FIELD_TYPE_SHAPE, offsetof(s, m), required, 0, min, NN_MAX_UNITS, NULL, count \
	}
#define NN_FIELD_LAYER                                          \
	{                                                           \
		"layer", NN_FIELD_TYPE_LAYER, 0, true, 0, 0, 0, NULL, 0 \
	}
#define NN_FIELD_WORDS(s, m, count, words)                                     \
	{                                                                          \
#m, NN_FIELD_TYPE_WORDS, offsetof(s, m), false, -1, 0, 0, words, count \
	}
#define NN_FIELD_GIVEN(s, m)                                             \
	{                                                                    \
#m, NN_FIELD_TYPE_GIVEN, offsetof(s, m), false, 0, 0, 0, NULL, 0 \
	}
#define NN_FIELD_IGNORED(name)                                  \
	{                                                           \
		name, NN_FIELD_TYPE_IGNORED, 0, false, 0, 0, 0, NULL, 0 \
	}
#define NN_FIELD_END                                        \
	{                                                       \
		NULL, NN_FIELD_TYPE_INT, 0, false, 0, 0, 0, NULL, 0 \
	}

/*
 * Set all fields of conf to defaults, then from the object.  what names the
 * thing in messages ("layer \"dense_1\"").  common lists keys that belong to
 * every such thing and are passed over; may be NULL.
 */
extern bool nn_fields_parse(const NNField *fields, void *conf, const NNValue *object,
							const char *what, const char *const *common, NNError *error);

/* Fields and where they are put. */
typedef struct NNFields
{
	const NNField *fields;
	void *conf;
} NNFields;

/* The same of an object whose options are in n tables, one after the other. */
extern bool nn_fields_parse_all(const NNFields *tables, int n, const NNValue *object,
								const char *what, const char *const *common, NNError *error);
/* "a, b, c" of words (synonyms too) or fields, for a hint. */
extern void nn_words_list(const NNWord *words, char *buf, size_t size);

/* ---- layer kinds ---- */

/* The first value of a run that a layer had no place for; read when all threads are done. */
typedef struct NNRefusal
{
	atomic_bool noted;
	const NNLayer *layer;
	nn_real value;
} NNRefusal;

/*
 * What forward and backward see: one layer, one chunk of samples, one thread.
 * n_in(i) and n_out are the reals of one sample; all arrays hold `batch`
 * samples end to end.
 */
typedef struct NNPass
{
	int batch; /* samples in this chunk */
	int steps; /* of this chunk where the layer's shapes say NN_ANY, else 0 */
	bool training;
	const nn_real *params; /* the layer's */
	const nn_real *packed; /* its first layer->packs parameters, packed one by one; or NULL */
	nn_real *grads;		   /* the layer's, to add to; NULL: frozen, do not compute */
	/* beside grads, of an embedding: see plan.h; NULL: not wanted */
	nn_real *squares;
	nn_real *magnitudes;
	int32_t *slots;			/* 1 + where in them a row's sums are, 0: nowhere yet; NULL: in order */
	atomic_int *slots_used; /* the next is to be zeroed by who takes it */
	nn_real limit;			/* of each place's gradient; 0: none */
	const nn_real *x;		/* xs[0] */
	nn_real *y;
	nn_real *dy;			  /* gradient of y; backward may destroy it */
	nn_real *dx;			  /* dxs[0]; backward overwrites it; NULL: not wanted */
	const nn_real *const *xs; /* each input */
	nn_real *const *dxs;	  /* each input's gradient, or NULL */
	nn_real *saved;			  /* saved_size * batch, from forward to backward of the same chunk */
	nn_real *scratch;		  /* scratch_fixed + scratch_size * batch, any content */
	const uint8_t *mask;	  /* of xs[0]: (batch, steps), 1 = counts; or NULL */
	const uint8_t *padding;	  /* the same, 0 only where a shorter row was padded; or NULL */
	uint8_t *mask_out;		  /* for NN_MASK_OWN: to be filled */
	/* padding once more, of x in equal parts, also where steps are taken for samples */
	const uint8_t *present;
	size_t n_present;
	NNRefusal *refusal; /* where to note one (nn_pass_refuse) */
	/* draws: nn_mix(seed, step, layer, first_sample + i), then by element */
	uint64_t seed;
	int64_t step;
	int64_t first_sample; /* number of this chunk's first sample in the batch */
	/* layers that couple samples */
	double *partial;		/* this thread's partial sums (partial_size) */
	const double *partials; /* all threads', partial_stride apart */
	size_t partial_stride;
	int n_threads;
} NNPass;

/* Weights from which a gradient for each thread costs more than it saves. */
#define NN_SPLIT_WEIGHTS ((size_t) 1 << 18)

#define NN_KIND_TRAINING_ONLY 1 /* the identity outside training (dropout) */
#define NN_KIND_VIEW 2			/* y is x under another shape: never run */
#define NN_KIND_MASKED 4 /* takes variable steps: its result does not depend on their padding */

#define NN_KIND_ELEMENTWISE 8 /* each value of y stands where the one of x stood from which it is */
#define NN_KIND_AT_INPUT 16	  /* only right after an input, whose values the caller makes for it */
#define NN_KIND_TAKES_MISSING 32 /* NaN in its input is a missing value, and does not come out */

/* What a layer makes of all its input's values being more by the same. */
typedef enum NNOrigin
{
	NN_ORIGIN_MATTERS,	/* something else */
	NN_ORIGIN_KEPT,		/* values that are more by the same */
	NN_ORIGIN_FORGOTTEN /* the same */
} NNOrigin;

struct NNKind
{
	const char *name;
	unsigned flags;
	int min_inputs; /* 1; 2 for add, ... */
	int max_inputs;
	size_t conf_size;
	const NNField *fields;
	size_t
		activation_offset; /* of an int in conf holding an NNActivation, or 0 with has_activation false */
	bool has_activation;

	/*
	 * From in[], n_inputs and conf: set out, params (nn_layer_add_param),
	 * saved_size, scratch sizes, partial_size, flops, steps_from, mask_from.  Must also
	 * accept in[].dim[0] == NN_ANY or refuse it.  Called again with a number
	 * in its place when a plan is made: params must come out the same.
	 */
	bool (*shape)(NNLayer *layer, NNError *error);
	/* NULL: each parameter by its own initializer */
	void (*init)(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random);
	void (*forward)(const NNLayer *layer, const NNPass *pass);
	void (*backward)(const NNLayer *layer, const NNPass *pass);

	/*
	 * Layers whose samples depend on each other in training (batch
	 * normalization).  Before forward, forward_reduce has run over all chunks
	 * of all threads and added to `partial` (zeroed before); likewise backward,
	 * which adds to a part of its own: nothing is zeroed in between.
	 */
	void (*forward_reduce)(const NNLayer *layer, const NNPass *pass);
	void (*backward_reduce)(const NNLayer *layer, const NNPass *pass);
	/* After a step's forward pass, by one thread: moving averages in params. */
	void (*end_step)(const NNLayer *layer, const NNPass *pass, nn_real *params);

	/*
	 * For layer->split_gradient: backward leaves the weights' gradient out,
	 * and this adds part `part` of `parts` of it for one chunk (any thread's:
	 * pass has that chunk's x, dy as backward left it, saved).
	 */
	void (*gradient_part)(const NNLayer *layer, const NNPass *pass, int part, int parts);

	/* Refuse parameters from a table that make no layer, though they are finite; may be NULL. */
	bool (*check_params)(const NNLayer *layer, const nn_real *params, NNError *error);

	/* Of a layer right after an input: how the caller makes its values (as, and what belongs to it). */
	void (*reading)(const NNLayer *layer, NNReading *reading);

	/* Of a layer whose input is ids, how many there are, and its option that says so. */
	int (*ids)(const NNLayer *layer);
	const char *ids_option;

	/*
	 * Learning from rows: see nn_adapt_*.  adapt_size doubles of state, zero at
	 * first.  adapt_passes, NULL: 1, is how often it sees all rows; adapt_pass
	 * begins each pass but the first.
	 */
	bool (*unadapted)(const NNLayer *layer, const nn_real *params);
	size_t (*adapt_size)(const NNLayer *layer);
	int (*adapt_passes)(const NNLayer *layer);
	void (*adapt_pass)(const NNLayer *layer, int pass, double *state);
	void (*adapt_rows)(const NNLayer *layer, const NNPass *pass, double *state);
	void (*adapt_end)(const NNLayer *layer, double *state, nn_real *params);
	/* Of what it learns of, or does not learn at all; NULL: the origin matters. */
	NNOrigin (*origin)(const NNLayer *layer);
	/* a feature that was the same in all rows and so gives nothing; NULL: there are none to tell of */
	bool (*adapt_constant)(const NNLayer *layer, const nn_real *params, int feature);
	bool (*adapts_to_target)(const NNLayer *layer); /* it learns from y; NULL: from its input */
};

/* Forward cannot fail: note that a value has no place in the layer, and go on. */
extern void nn_pass_refuse(const NNPass *pass, const NNLayer *layer, nn_real value);

#define NN_CONF(layer, type) ((const type *) (layer)->conf.bytes)

/* Append a parameter tensor (in layers/layer.c); offsets follow from the order. */
extern NNParam *nn_layer_add_param(NNLayer *layer, const char *name, NNShape shape,
								   NNInitializer init, const NNRegularizer *regularizer);
/*
 * Run kind->shape afresh and check what it says: for a model's layer, whose
 * in[] come from its inputs' shapes as they are now, and for a layer whose
 * in[] are set (a wrapper's inner one, by the wrapper's shape()).
 */
extern bool nn_layer_infer(NNModel *model, NNLayer *layer, NNError *error);
extern bool nn_layer_infer_inner(NNLayer *layer, NNError *error);
/* Initial values of one layer, as nn_model_init_params draws them; for wrappers too. */
extern void
nn_layer_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random);
/* Sizes saturate there: far above every limit of nn.h; twelve of them still fit a size_t. */
#define NN_SIZE_LIMIT ((size_t) 1 << 56)
extern NNShape nn_shape1(int a);
extern NNShape nn_shape2(int a, int b);
extern NNShape nn_shape3(int a, int b, int c);
extern NNShape nn_shape4(int a, int b, int c, int d);
/* Reals of one sample when NN_ANY stands for steps. */
extern size_t nn_shape_reals(const NNShape *shape, int steps);
/* The last dimension (features, channels). */
NN_INLINE int
nn_shape_last(const NNShape *shape)
{
	return shape->dim[shape->rank - 1];
}
/* Rows of width nn_shape_last in a chunk. */
NN_INLINE size_t
nn_pass_rows(const NNShape *shape, const NNPass *pass)
{
	return nn_shape_reals(shape, pass->steps) / (size_t) nn_shape_last(shape) *
		(size_t) pass->batch;
}
/* "layer \"conv2d_1\"" for messages. */
extern const char *nn_layer_what(const NNLayer *layer, char *buf, size_t size);

/* Refuses a layer whose input has a variable last dimension, or another axis than the last. */
extern bool nn_columns_check(const NNLayer *layer, int axis, NNError *error);

/* Rows of the last dimension that share one step, and so one byte of the mask. */
extern size_t nn_columns_rows_a_step(const NNShape *shape);

/* Reals of the layer's packed weights (graph/packed.c). */
extern size_t nn_layer_packed(const NNLayer *layer);

/* All kinds of layers, in the order of a hint that lists them: a new kind adds one line. */
#define NN_KINDS(KIND)                \
	KIND(nn_input)                    \
	KIND(nn_text_vectorization)       \
	KIND(nn_string_lookup)            \
	KIND(nn_integer_lookup)           \
	KIND(nn_hashing)                  \
	KIND(nn_date_features)            \
	KIND(nn_rescaling)                \
	KIND(nn_normalization)            \
	KIND(nn_dense)                    \
	KIND(nn_activation)               \
	KIND(nn_leaky_relu)               \
	KIND(nn_flatten)                  \
	KIND(nn_reshape)                  \
	KIND(nn_dropout)                  \
	KIND(nn_batch_normalization)      \
	KIND(nn_layer_normalization)      \
	KIND(nn_add_layer)                \
	KIND(nn_subtract_layer)           \
	KIND(nn_multiply_layer)           \
	KIND(nn_average_layer)            \
	KIND(nn_maximum_layer)            \
	KIND(nn_minimum_layer)            \
	KIND(nn_concatenate_layer)        \
	KIND(nn_conv1d)                   \
	KIND(nn_conv2d)                   \
	KIND(nn_conv1d_transpose)         \
	KIND(nn_conv2d_transpose)         \
	KIND(nn_depthwise_conv2d)         \
	KIND(nn_separable_conv2d)         \
	KIND(nn_max_pooling1d)            \
	KIND(nn_max_pooling2d)            \
	KIND(nn_average_pooling1d)        \
	KIND(nn_average_pooling2d)        \
	KIND(nn_global_max_pooling1d)     \
	KIND(nn_global_max_pooling2d)     \
	KIND(nn_global_average_pooling1d) \
	KIND(nn_global_average_pooling2d) \
	KIND(nn_zero_padding2d)           \
	KIND(nn_cropping2d)               \
	KIND(nn_upsampling2d)             \
	KIND(nn_spatial_dropout1d)        \
	KIND(nn_spatial_dropout2d)        \
	KIND(nn_random_flip)              \
	KIND(nn_random_translation)       \
	KIND(nn_category_encoding)        \
	KIND(nn_discretization)           \
	KIND(nn_imputation)               \
	KIND(nn_missing_indicator)        \
	KIND(nn_embedding)                \
	KIND(nn_masking)                  \
	KIND(nn_simple_rnn)               \
	KIND(nn_lstm)                     \
	KIND(nn_gru)                      \
	KIND(nn_bidirectional)            \
	KIND(nn_time_distributed)         \
	KIND(nn_repeat_vector)            \
	KIND(nn_permute)

#define NN_DECLARE_KIND(symbol) extern const NNKind symbol;
NN_KINDS(NN_DECLARE_KIND)

/* graph/registry.c */
extern const NNKind *nn_kind_find(const char *name);

/* ---- losses, metrics, optimizers, schedules ---- */

typedef struct NNLossPass
{
	size_t rows; /* rows of width; mask has one byte a row */
	int width;
	nn_real *y; /* outputs; where logits: replaced by fused(y) */
	bool logits;
	const float *target;  /* (rows, width), or NULL */
	const int32_t *index; /* (rows), or NULL */
	const uint8_t *mask;  /* (rows) or NULL */
	const float *weights; /* (rows), of each row's loss and gradient; or NULL */
	nn_real *dy;		  /* gradient of the loss's *sum* by y (or logits), or NULL */
} NNLossPass;

struct NNLossKind
{
	const char *name;
	const char *synonym; /* 'mse' or NULL */
	NNMeaning meaning;	 /* of its targets */
	/* activation computed with the loss from logits, of cross-entropies; NN_LINEAR: none */
	NNActivation fused;
	int min_width; /* of the output's last dimension: 2 for classes */
	/* Returns the sum over rows that count; the caller divides by their number. */
	double (*run)(const NNLossPass *pass);
	NNGanLoss judge; /* what it is as a discriminator's */
};

struct NNMetricKind
{
	const char *name;
	const char *synonym;
	NNTargetType target; /* what it needs */
	NNMeaning meaning;	 /* of targets, if that is less than what they mean to the loss */
	int states;			 /* doubles of its state, which begins as zeros: sums */
	void (*run)(const NNLossPass *pass, double *state); /* add to it; y are outputs */
	double (*result)(const double *state);
	bool rises; /* the higher, the better */
};

/* One update of n parameters from gradients that are scaled, clipped and regularized. */
typedef struct NNUpdate
{
	size_t n;
	nn_real *p;
	const nn_real *g;
	const nn_real *each; /* sums over places, as the kind says; NULL: g is of one place */
	nn_real *slots[NN_MAX_SLOTS];
	double rate;  /* of this step */
	int64_t step; /* from 1 */
} NNUpdate;

/* What an optimizer sums over an id's places, before it knows their gradients' sum. */
typedef enum NNEach
{
	NN_EACH_NOTHING,
	NN_EACH_SQUARE,
	NN_EACH_MAGNITUDE
} NNEach;

struct NNOptimizerKind
{
	const char *name;
	size_t conf_size;
	const NNField *fields; /* its own; the common ones are in optimizer_parse.c */
	double default_rate;
	double default_decay;
	NNEach each;
	int (*n_slots)(const void *conf);
	void (*update)(const void *conf, const NNUpdate *update);
};

struct NNScheduleKind
{
	const char *name;
	const NNField *fields;
	bool (*check)(void *conf, NNError *error); /* may be NULL */
	double (*rate)(const void *conf, int64_t step);
};

/* losses/, optimizers/ */
extern const NNOptimizerKind nn_optimizers[]; /* ends with a NULL name */
extern const NNLossKind *nn_loss_find(const char *name);
extern const NNLossKind *nn_loss_judge(NNGanLoss judge); /* the one that a discriminator's is */
extern NNTargetType nn_loss_target(const NNLossKind *loss);
extern const NNMetricKind *
nn_metric_find(const char *name, const NNLossKind *loss, const NNShape *out);
/* NN_LINEAR if its kind has none. */
extern NNActivation nn_layer_activation(const NNLayer *layer);
extern void nn_losses_list(char *buf, size_t size);
extern void nn_metrics_list(char *buf, size_t size);
extern bool
nn_schedule_parse(NNSchedule *schedule, const NNValue *value, const char *what, NNError *error);

#endif /* NN_INTERNAL_H */
