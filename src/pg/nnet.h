/*
 * nnet.h
 *	  What the files of the glue share.
 *
 * Lifetimes: a loaded model (NnetModel) owns a memory context and everything
 * in it; the cache keeps one for predictions under nnet.cache_size, a fit
 * holds its own in the aggregate's context.  Nothing is freed piece by piece.
 */
#ifndef NNET_H
#define NNET_H

#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "storage/pmsignal.h"
#include "utils/array.h"
#include "utils/jsonb.h"
#include "utils/palloc.h"

#include "core/nn.h"
#include "core/nn_reading.h"
#include "pg/compat.h"

#define NNET_FORMAT 2				   /* of the training row; refuse what is newer */
#define NNET_FIRST_FORMAT 1			   /* that of a model of one input and one output */
#define NNET_HISTORY_EPOCHS 10000	   /* that nnet.history() shows at most, the latest */
#define NNET_DROPPED_EPOCHS 2000000000 /* counted at most: an epoch's number is an int4 */

/* ---- in start.c: the pool and BLAS in this process ---- */

/*
 * Load BLAS and make the pool ready for n threads (at least 1), with all
 * signals blocked meanwhile; registers the before_shmem_exit callback that
 * ends it.  Errors if BLAS cannot be loaded.  Cheap when already done.
 * Returns the threads there are.
 */
extern int nnet_core_start(int n);
/* For a few products, which need no BLAS but are faster with it. */
extern void nnet_core_try(void);
/*
 * Before work of the core that may take long: it comes back when something
 * waits to be answered.  Then answer, where an error may jump, and go on.
 */
extern void nnet_watch_interrupts(void);
extern void nnet_answer_interrupt(void);
/* End the session. */
pg_noreturn extern void nnet_postmaster_died(void);

/* In place of CHECK_FOR_INTERRUPTS, which does not notice that the postmaster is gone. */
static inline void
nnet_check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
	if (unlikely(!PostmasterIsAlive()))
		nnet_postmaster_died();
}

/* ---- in settings.c ---- */

extern int nnet_threads_setting; /* 0 = automatic */
extern int nnet_cache_size_kb;
extern double nnet_memory_fraction; /* of what there is, for one session */
extern bool nnet_force_threads;		/* for tests */
extern bool nnet_batch_predict;		/* plain predict runs in batches */
extern void nnet_define_settings(void);
/* Threads to use: for fit and predict_batch, automatic is the machine's processors, at most 1 + max_parallel_maintenance_workers; for predict 1. */
extern NNPrecision nnet_precision(void); /* nnet.precision */
extern int nnet_threads_for_fit(void);
extern int nnet_threads_for_predict(void);
extern int nnet_processors(void);

/* ---- in memory.c: what this session may use, and uses ---- */

typedef enum NnetMemoryPurpose
{
	NNET_MEMORY_PARAMETERS,
	NNET_MEMORY_SLOTS,
	NNET_MEMORY_GRADIENTS,
	NNET_MEMORY_PACKED,
	NNET_MEMORY_WORKSPACE,
	NNET_MEMORY_BEST,	/* the weights of the best epoch */
	NNET_MEMORY_COPIES, /* while rows of a model are read or written */
	NNET_MEMORY_ROWS,
	NNET_MEMORY_PURPOSES
} NnetMemoryPurpose;

/* What is about to be allocated, all of it: for one sum, and the message if that is too much. */
typedef struct NnetMemoryNeed
{
	const char *model;	/* for the message; may be NULL */
	const char *action; /* "train on batches of 32 rows" */
	const char *hint;	/* the way out; NULL: a smaller model, or nnet.memory_fraction */
	size_t bytes[NNET_MEMORY_PURPOSES];
} NnetMemoryNeed;

#define NNET_MEMORY_HINT_ROWS                                                       \
	"Use fewer steps or smaller layers, fewer nnet.threads or a smaller work_mem, " \
	"or let a superuser raise nnet.memory_fraction."
#define NNET_MEMORY_HINT_BATCH                                                      \
	"Use a smaller batch_size, fewer nnet.threads, fewer steps or smaller layers, " \
	"or let a superuser raise nnet.memory_fraction."

/* Bytes: nnet.memory_fraction of what the machine and control groups allow. */
extern size_t nnet_memory_limit(void);
extern size_t nnet_memory_used(void); /* of these, what is counted now */
/* What may be allocated yet, asked for that many bytes: large requests must find them free now. */
extern size_t nnet_memory_left(size_t bytes);
/* Who keeps memory that can be given back at any time, such as a cache, says how; one does. */
extern void nnet_memory_keep_spare(void (*give)(void));
extern void nnet_memory_give_spare(void);
/* Raise an error (53200) if the need, beside what is in use, is over a limit. */
extern void nnet_memory_check(const NnetMemoryNeed *need);
/* Aligned to NN_ALIGN, of any size, counted as in use until the context ends; not to be freed alone. */
extern void *nnet_memory_alloc(MemoryContext context, size_t bytes, bool zero);
/* Of any size, to be counted by the caller. */
extern void *nnet_memory_alloc_large(MemoryContext context, size_t bytes);
/* Count what is allocated and freed otherwise. */
extern void nnet_memory_take(size_t bytes);
extern void nnet_memory_give(size_t bytes);

struct NnetModel;

/* ---- in one_query.c ---- */

struct _SPI_plan;
struct CachedPlanSource;

/* A plan of a user's text, by SPI; *only: its query, or NULL where the text is not one. */
extern struct _SPI_plan *
nnet_prepare_query(const char *sql, int cursor_options, const struct CachedPlanSource **only);
/* A copy without those at its end, which people write and other queries cannot take in. */
extern char *nnet_without_semicolon(const char *sql);

/* ---- in error.c ---- */

/* A text of the core as a message: valid in the database's encoding. */
extern const char *nnet_core_text(const char *text);
/*
 * The row at hand, told by a CONTEXT line of any error or notice that comes
 * between enter and leave, those of casts and input functions included.  It is
 * on the stack of who calls both; an error that jumps needs no leave.
 */
typedef struct NnetRow
{
	const char *what;	  /* "row", or what else is counted */
	const char *function; /* "nnet.fit" */
	const char *model;	  /* NULL: not known yet, or there is none */
	int64 number;		  /* from 1; 0: nothing is told, as there is but one */
	ErrorContextCallback frame;
} NnetRow;

extern void nnet_row_enter(NnetRow *row);
extern void nnet_row_leave(const NnetRow *row);
/*
 * After each call of the core that runs a plan: true after an interrupt, which
 * is answered, if it is to be called again.  Raises what a layer refused.
 */
extern bool nnet_run_again(const NNPlan *plan, const struct NnetModel *model, NNRunResult result);
/* Raise what the core refused; model may be NULL.  Never returns. */
pg_noreturn extern void nnet_core_error(const NNError *error, const char *model);

/* ---- in model/value_json.c: jsonb <-> NNValue ---- */

extern NNValue *nnet_value_from_jsonb(Jsonb *jsonb); /* in the current context */
/*
 * The same of a stored jsonb, without that key (NULL: with all); leaves no copy
 * of it.  (Datum) 0: an empty object.
 */
extern NNValue *nnet_value_from_datum(Datum datum, const char *without);
extern Jsonb *nnet_value_to_jsonb(const NNValue *value); /* NaN and infinities become null */
extern char *nnet_value_to_text(const NNValue *value);	 /* of that */
/*
 * Making values: room is what is expected, and grows; strings and keys are not
 * copied.  A value that was read may be added to as well.
 */
extern NNValue nnet_value_null(void);
extern NNValue nnet_value_bool(bool boolean);
extern NNValue nnet_value_number(double number);
extern NNValue nnet_value_integer(int64 integer);
/* False if value is not a whole number of 64 bits. */
extern bool nnet_value_int64(const NNValue *value, int64 *integer);
extern NNValue nnet_value_string(const char *string);
extern NNValue nnet_value_array(int room);
extern NNValue nnet_value_object(int room);
extern void nnet_value_append(NNValue *array, NNValue item);
extern void nnet_value_set(NNValue *object, const char *key, NNValue item);
/* A copy of an object without these keys, which NULL ends, and with room for so many more. */
extern NNValue nnet_value_without(const NNValue *object, const char *const *keys, int more);

#define NNET_KEYS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- in model/layer_spec.c: arguments declared "any" ---- */

/* A number, a word, an array or jsonb, also as text; argument is its name. */
extern NNValue nnet_argument_value(Datum datum, Oid type, const char *argument);

/* ---- in model/rows.c: a model in and out of its table ---- */

/* What the training row says of one output. */
typedef struct NnetOutputTraining
{
	const NNValue
		*loss;	   /* a name, or an object with its arguments; NULL: it is trained for nothing */
	double weight; /* of its loss in the whole */
	int n_metrics;
	int n_weighted;	  /* of these, the last ones: in which rows count by their weights */
	NNValue *metrics; /* likewise */
	int n_labels;	  /* 0: none */
	char **labels;	  /* by class */
	char *label_type; /* of y when it was learned: "text", "boolean", ..., or NULL */
} NnetOutputTraining;

/*
 * The training row's config, as fields.  fit changes labels, label_type,
 * steps and history; what they point to must live in the model's context.
 * An epoch in the history is an object with the keys loss, val_loss, metrics
 * (an object: name to number, val_ ones too), seconds, samples and
 * learning_rate, as nnet.history() shows them; other keys are kept.
 */
typedef struct NnetTraining
{
	bool compiled;
	bool given; /* by nnet.compile(), not read from the table */
	NNValue *optimizer;
	NnetOutputTraining *outputs; /* the model's, in their order */
	int64 steps;				 /* optimizer steps done */
	const NNValue *averaged;	 /* see moving_average.c; or NULL */
	NNValue *history;	   /* array of one object an epoch, or NULL; not loaded for prediction */
	int64 history_dropped; /* epochs before the first of history */
	ArrayType *older; /* the latest of those, see history_pack.c; loaded for nnet.history() only */
	NNValue *whole;	  /* the config as read: unknown keys survive a rewrite */
} NnetTraining;

/* What a model knows of classes, and from where. */
typedef enum NnetKnows
{
	NNET_KNOWS_NOTHING,
	NNET_KNOWS_NUMBERS,	 /* it was trained on their numbers */
	NNET_KNOWS_BOOLEANS, /* labels of booleans, which count as 0 and 1 */
	NNET_KNOWS_LEARNED,	 /* other labels that fit met */
	NNET_KNOWS_GIVEN	 /* labels given to compile, which are all there are */
} NnetKnows;

/* label_type of a model that was trained on numbers of classes: no type's name. */
#define NNET_NUMBERS_TYPE "class number"
#define NNET_BOOLEANS_TYPE "boolean"

struct NnetVocabulary;

#define NNET_DIGEST_BYTES 32

/* Which model: a table, or a value, by the digest of its content. */
typedef struct NnetModelKey
{
	Oid relid; /* InvalidOid: a value */
	uint8 content[NNET_DIGEST_BYTES];
} NnetModelKey;

typedef struct NnetModel
{
	MemoryContext context;
	uint64 loaded; /* the how-manieth model of this process it is: its address may come again */
	Oid relid;	   /* InvalidOid: it is of a value */
	char *name;	   /* for messages: as regclass prints it */
	NNModel *core;
	MemoryContext weights_context; /* of params alone */
	nn_real *params;			   /* core->n_params */
	NnetTraining training;
	NNObjectives objectives;	  /* if training.compiled */
	NNOptimizer optimizer;		  /* if training.compiled */
	nn_real *slots[NN_MAX_SLOTS]; /* if loaded for training */
	int *layer_numbers;			  /* the column layer, by core layer index */
	int *layer_parts;			  /* how many rows each layer has */
	bool *layer_fixed;			  /* frozen with nothing to learn: its rows are not written */
	const NNValue *
		*layer_configs; /* of inputs and of layers that say how those are read, else NULL */
	struct NnetReading *readings;		 /* how the values of each input are read */
	struct NnetVocabulary *vocabularies; /* of inputs that take texts: the first; NULL: none do */
	struct NnetRowVersion *versions;	 /* of the rows read, if wanted and known */
	int n_versions;
} NnetModel;

/* Of all weights, and of each slot. */
static inline size_t
nnet_params_bytes(const NnetModel *model)
{
	return model->core->n_params * sizeof(nn_real);
}

#define NNET_LOAD_FOR_UPDATE \
	1						  /* SELECT ... FOR UPDATE, slots too; refuses what cannot be trained */
#define NNET_LOAD_STRUCTURE 2 /* without weights: summary */
#define NNET_LOAD_HISTORY 8	  /* with all of the history */
#define NNET_LOAD_VERSIONS 4  /* for the cache: with what identifies the rows */
#define NNET_LOAD_SLOTS 16	  /* with the optimizer's state, if any, though not to train it */

/*
 * Read a model by SPI as the current user, check every row, build it in a new
 * child of parent.  Errors name model and layer.
 */
extern NnetModel *nnet_model_load(Oid relid, int flags, MemoryContext parent);

/* ---- in model/training_row.c ---- */

extern NnetKnows nnet_output_knows(const NnetOutputTraining *output);
/* The output of that name, or an error that lists those that there are. */
extern int nnet_find_output(const NnetModel *model, const char *name);
/* Another learning rate for the optimizer, to be saved with it. */
extern void nnet_model_set_rate(NnetModel *model, double rate);

/* ---- in model/moving_average.c ---- */

/* A training ended whose last weights are to be saved: of an optimizer that averages them, the averages. */
extern void nnet_average_end(NnetModel *model);

/* ---- in model/save.c ---- */

/*
 * Write weights, slots and the training row back by UPDATE (after LOAD_FOR_UPDATE).
 * The weights are gone from memory then.
 */
extern void nnet_model_save(NnetModel *model);
/* Saved from now on without the optimizer's state, if it has one: it begins anew, with its steps. */
extern void nnet_model_leave_out_slots(NnetModel *model);

/* ---- in model/savable.c ---- */

/* errhint: the way out for a training whose numbers are not finite any more. */
extern int nnet_hint_diverged(const NnetModel *model);
/* Whether a loss of it is of sequences, and so infinite where a mask leaves too few steps for one. */
extern bool nnet_model_spells(const NnetModel *model);

/* For messages: "NaN" or "infinite", of a value that is one or the other. */
extern const char *nnet_not_finite_word(double value);

/* ---- in types/tokens.c: a set of tokens, numbered in the order they came ---- */

typedef struct NnetTokens NnetTokens;

extern NnetTokens *nnet_tokens_make(MemoryContext context);
extern int
nnet_tokens_add(NnetTokens *tokens, const char *bytes, int length); /* its number, new or old */
extern int nnet_tokens_find(const NnetTokens *tokens, const char *bytes, int length); /* or -1 */
extern int nnet_tokens_count(const NnetTokens *tokens);
extern const char *nnet_tokens_get(const NnetTokens *tokens, int number);

/* ---- in model/vocabulary.c: what a model that takes texts knows of tokens ---- */

#define NNET_TOKEN_PADDING 0
#define NNET_TOKEN_UNKNOWN 1
#define NNET_TOKEN_FIRST 2 /* id of the vocabulary's first token */

typedef struct NnetVocabulary
{
	struct NnetVocabulary *next;
	int layer; /* of the text_vectorization, in the core; it follows an input */
	NNTextOptions options;
	const NNValue *config; /* that layer's, as read */
	NnetTokens *tokens;	   /* by id - NNET_TOKEN_FIRST; none: not learned yet */
	bool adapted;		   /* it was learned, not given */
	bool changed;		   /* learned or forgotten now: to be saved */
} NnetVocabulary;

/* That of an input; NULL: it takes no texts. */
extern NnetVocabulary *nnet_model_vocabulary(const NnetModel *model, int input);
extern bool nnet_vocabulary_known(const NnetVocabulary *vocabulary);
extern int nnet_vocabulary_id(const NnetVocabulary *vocabulary, const char *token, int length);
/* See nnet_check_vocabulary_ids. */
extern void nnet_vocabulary_check(const NnetModel *model, const NnetVocabulary *vocabulary);

/* ---- in model/reading.c: how the values of an input are read ---- */

/* What the core says of it, and what the model has learned or was given for it. */
typedef struct NnetReading
{
	NNReading how;
	int layer;	  /* whose configuration has it: the one after the input, or the input */
	bool known;	  /* nothing is left to learn before rows can be read */
	bool adapted; /* what is known was learned, not given */
	bool changed; /* learned or forgotten now: to be saved */
	/* of strings and integers, of which 8 bytes are one */
	NnetTokens *tokens; /* the vocabulary */
	const char *mask;	/* of hashes too: what stands for what is missing; NULL: nothing does */
	int mask_length;
	const char *oov; /* the token of no entry */
	int oov_length;
	/* of dates, in seconds; of deviation 0 the trend is always 0 */
	double origin;
	double deviation;
	/* of numbers: what is subtracted from each value; NULL: nothing */
	double *origins;
	int n_origins;
} NnetReading;

/* Token number i as text, for people. */
extern char *nnet_reading_token(const NnetReading *reading, int i);
/* How many ids there are before the first token's. */
extern int nnet_reading_first(const NnetReading *reading);
/* The id of a token; that of what is not in the vocabulary is by its hash, if there are several. */
extern int nnet_reading_id(const NnetReading *reading, const char *token, int length);
/* Refuse a layer's vocabulary of so many ids, if one that they go to takes fewer. */
extern void nnet_check_vocabulary_ids(const NnetModel *model, int layer, int ids);
extern void nnet_reading_check(const NnetModel *model, const NnetReading *reading);

/* ---- in model/cache.c ---- */

/*
 * The model for predictions under the active snapshot, called by a function
 * whose flinfo->fn_mcxt is query.  Valid until the next
 * call of nnet_cache_get in this backend or the end of the function call:
 * ask again at each row; asking is cheap when nothing changed.  Another
 * generation than last time: drop what was planned for the model.
 */
typedef struct NnetCached
{
	NnetModel *model;
	uint64 generation;				/* differs whenever the model loaded differs */
	struct NnetRun *one;			/* for one row at a time, made on demand in model->context */
	nn_real *packed[NN_PRECISIONS]; /* see nnet_cache_packed */
	bool by_content;				/* it is a value, found by its digest */
} NnetCached;

extern NnetCached *nnet_cache_get(Oid relid, MemoryContext query);
/* The same of a value of type nnet.model, which is what its digest says wherever it lies. */
extern NnetCached *nnet_cache_get_value(Datum value, const uint8 *content);
/* Whether there are packed weights, or they are worth it and fit nnet.cache_size with the rest. */
extern bool nnet_cache_packs(const NnetCached *cached, NNPrecision precision);
/*
 * The model's weights packed for products of that precision, made on demand and
 * kept with it, beside those for another that a pass under way may read; its
 * shapes must have been planned for.
 */
extern const nn_real *nnet_cache_packed(NnetCached *cached, NNPrecision precision);

/* ---- in data/value.c: any type to floats ---- */

typedef struct NnetReader NnetReader;

/*
 * A reader for values of a type: chosen once a query.  what is "x" or "y";
 * model is for messages and may be NULL.  Raises an error with a hint for a type that cannot be read as numbers.
 */
extern NnetReader *
nnet_reader_make(Oid type, const char *what, const char *model, MemoryContext context);
/* True when values are bytea and may be kept as bytes. */
extern bool nnet_reader_is_bytes(const NnetReader *reader);
/*
 * Read a value into reals owned by the reader, valid until its next use.
 * Refuses NULL elements, NaN and infinities.  A bytea gives bytes as 0..255.
 */
extern const float *nnet_reader_reals(NnetReader *reader, Datum value, size_t *count);
/* Take origins from values, in double before they are rounded: see data/origin.c. */
struct NnetOrigins;

extern void nnet_reader_set_origins(NnetReader *reader, struct NnetOrigins *origins);
/* From now on refuse casts of users' own, and tell whether any were met: see nnet_inputs_read_ahead. */
extern void nnet_reader_read_ahead(NnetReader *reader);
extern bool nnet_reader_runs_others(const NnetReader *reader);
/* From now on NULL and NaN are read, as NaN: the model puts something in their place. */
extern void nnet_reader_take_missing(NnetReader *reader);
/* Measure what rounding takes from values that are read from now on: see data/rounding.c. */
typedef struct NnetRounding NnetRounding;

extern void nnet_reader_measure(NnetReader *reader, NnetRounding *rounding);
extern const NnetRounding *
nnet_reader_rounding(const NnetReader *reader); /* NULL: is not measured */
/*
 * The column that the value at a position (from 0) comes from, if values are
 * rows: '"age"', '"tags"[3]' in an array, '"at"."lat"' in a row; else NULL.  It
 * goes by the value read last.
 */
extern char *nnet_reader_column(const NnetReader *reader, size_t position);
/* Only for bytea readers: the bytes themselves (detoasted; freed at the reader's next use). */
extern const uint8 *nnet_reader_bytes(NnetReader *reader, Datum value, size_t *count);

/* ---- in model/claim.c ---- */

/* What else changes a model must not do so while a statement of this session trains it. */
extern void nnet_refuse_while_trained(Oid relid);

#endif /* NNET_H */
