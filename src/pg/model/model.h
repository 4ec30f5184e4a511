/*
 * model.h
 *	  What the files of this folder share: the columns of a model's relation,
 *	  the training row, and arrays of weights.
 */
#ifndef NNET_MODEL_H
#define NNET_MODEL_H

#include "pg/nnet.h"

#include "access/htup.h"
#include "executor/spi.h"
#include "utils/rel.h"

/* The columns of nnet.layer, in its order. */
typedef enum ModelColumn
{
	COLUMN_LAYER,
	COLUMN_PART,
	COLUMN_KIND,
	COLUMN_NAME,
	COLUMN_INPUTS,
	COLUMN_CONFIG,
	COLUMN_WEIGHTS,
	COLUMN_SLOTS,
	COLUMN_COUNT
} ModelColumn;

/* One row of a model, its columns as nnet.layer has them. */
typedef struct NnetLayerRow
{
	int layer; /* these two once the rows were checked */
	int part;
	Datum values[COLUMN_COUNT];
	bool nulls[COLUMN_COUNT];
} NnetLayerRow;

#define NNET_ROUNDS_KEY "rounds" /* in its config: a training in rounds that was not ended */
#define TRAINING_LAYER (-1)		 /* number of the training row */
#define TRAINING_KIND "training"
#define INPUT_KIND "input"

/* A layer of more values than this continues in further rows. */
#define PART_VALUES ((size_t) 1 << 24)
#define MAX_PARTS ((int) (NN_MAX_MODEL_PARAMS / PART_VALUES))

/* ---- in name.c ---- */

/* A new model's name as a user gave it; tells if it is cut, refuses what is none. */
extern struct RangeVar *nnet_new_model_name(text *name);

/* ---- in define.c ---- */

/* The name of a new model in an argument, which may not be NULL. */
extern text *nnet_name_argument(FunctionCallInfo fcinfo, int argument);
/* Create an empty model table by the connected SPI; *sql gets its name for queries. */
extern Oid nnet_create_model_table(text *name, char **sql);
extern Datum nnet_create_model(PG_FUNCTION_ARGS);

/* ---- in compile.c ---- */

/* What compile() is given; null: it is not. */
typedef struct NnetGiven
{
	NNValue loss;
	NNValue optimizer;
	NNValue metrics;
	NNValue labels;
	NNValue loss_weights;
	NNValue weighted_metrics;
} NnetGiven;

/* Into the model at hand, which is checked against it. */
extern void nnet_model_compile(NnetModel *model, const NnetGiven *given);
/* Into a model's table, as nnet.compile() does. */
extern void nnet_compile_table(Oid relid, const NnetGiven *given);
/* An argument declared "any": names, or jsonb; of no other type.  Null if it is NULL. */
extern NNValue nnet_names_argument(FunctionCallInfo fcinfo, int argument, const char *what);
/* Written as text: in JSON by output, an array, or one name; NULL elements are refused, as a what. */
extern NNValue nnet_names_text(char *text, const char *what);
extern NNValue nnet_optimizer_value(NNValue given);

/* ---- in unsaved.c ---- */

/*
 * A model that is in no table, neither compiled nor with weights: of these
 * layers, an array, in a new child of parent; the name is for messages.
 */
extern NnetModel *nnet_model_make(const NNValue *layers, const char *name, MemoryContext parent);
/* Its initial weights, and optimizer state of zeros; it is compiled. */
extern void nnet_model_draw(NnetModel *model, uint64 seed);
/* Initial weights in place of those that are there. */
extern void nnet_model_redraw(NnetModel *model, uint64 seed);

/* ---- in relation.c ---- */

extern const char *nnet_column_name(ModelColumn column);
extern Oid nnet_column_type(ModelColumn column);

/*
 * Open a relation that has a model's columns, or say what it lacks.  Close it
 * with NoLock: the lock holds until the transaction ends.  slots: that column
 * is wanted too.
 */
extern Relation nnet_model_open(Oid relid, LOCKMODE lock, bool slots);
/*
 * Refuse who may do nothing with the relation, before that lock is waited for:
 * a stranger could else keep others waiting.
 */
extern void nnet_check_lockable(Oid relid, LOCKMODE lock, bool slots);
extern char *nnet_relation_sql(Relation relation);	/* quoted and qualified, for a query */
extern char *nnet_relation_name(Relation relation); /* for messages */
/* Whether the user may SELECT every column of a model. */
extern bool nnet_may_read(Relation relation);
/* The same of the whole table, with the columns that every table has. */
extern bool nnet_may_read_all(Relation relation);
/* Whether the user may put older epochs where they belong. */
extern bool nnet_may_write_history(Relation relation);
/* Refuse what cannot be trained, before anything is read or locked. */
extern void nnet_check_trainable(Relation relation);

/* ---- in moving_average.c ---- */

/*
 * A layer's weights and slots are read for a training; slots: it had some.  Every weight
 * that learns has an average from then on: no step averages what no loss depends on.
 */
extern void nnet_average_begin(NnetModel *model, int layer, bool slots);

/* ---- in savable.c ---- */

/* Refuse, before a training, what could not be saved after it. */
extern void nnet_check_savable(const NnetModel *model);
/* How many values of the layer go into each of its rows. */
extern size_t nnet_row_values(const NnetModel *model, int index);
/* Refuse to save weights, averages or slots that are not finite, by the layer's and parameter's name. */
extern void nnet_check_finite(const NnetModel *model);

/* ---- in history_pack.c ---- */

#define NNET_HISTORY_BLOCK 64 /* epochs that are kept together */

/*
 * Take what is more than the newest epochs out of the training row's history,
 * as blocks for its column inputs.  Returns how many there are.
 */
extern int nnet_history_pack(NnetTraining *training, Datum **blocks);
/* The column with n more blocks; before is NULL if it was. */
extern ArrayType *nnet_history_append(ArrayType *before, const Datum *blocks, int n);

/* ---- in rows.c ---- */

/* The same as nnet_model_load of rows that lie elsewhere; fills in their numbers.  name is for messages. */
extern NnetModel *
nnet_model_load_rows(NnetLayerRow *rows, int n, const char *name, int flags, MemoryContext parent);
/* All rows of an open model, in their order, as a query of the connected SPI gives them. */
extern NnetLayerRow *nnet_model_rows(Relation relation, int *n);

/* ---- in training_row.c ---- */

/* All but what belongs to outputs. */
extern void nnet_training_read(NnetTraining *training, NNValue *config, const char *model);
/* What belongs to outputs, by their names, once the model's layers are known. */
extern void nnet_training_read_outputs(NnetModel *model);
/* Loss, metrics and optimizer resolved against the layers, of a compiled model. */
extern void nnet_training_resolve(NnetModel *model);
/* The config to be stored, of a model whose outputs those are. */
extern NNValue *nnet_training_value(const NnetTraining *training, const NNModel *core);
/* The parts that compile() sets; optimizer and metrics are not copied. */
extern NNValue nnet_training_start(double seed);

/* ---- in versions.c ---- */

/* One row version of a table. */
typedef struct NnetRowVersion
{
	ItemPointerData tid;
	TransactionId xmin;
	CommandId command;
} NnetRowVersion;

/* What a query reads beside a row to know its version. */
#define NNET_VERSION_COLUMNS "tableoid, ctid, xmin, cmin"

/* Whether row versions say everything about what this user would see. */
extern bool nnet_versions_tell_all(Relation relation);
extern NnetRowVersion *
nnet_versions_read(Oid relid, HeapTuple *tuples, TupleDesc desc, int column, int n);
/* Whether the active snapshot sees these n (at least 1) versions and no others. */
extern bool nnet_versions_visible(Relation relation, NnetRowVersion *versions, int n);

/* ---- in vocabulary.c ---- */

#define NNET_TEXT_KIND "text_vectorization"
#define NNET_UNKNOWN_TOKEN "[UNK]"

/* Give an input of a new model, which a layer takes texts of, the shape of their tokens. */
extern void nnet_vocabulary_set_input(NNValue *input, const NNValue *next);
/* If that layer takes texts: its vocabulary.  config lives in the model's context. */
extern void nnet_vocabulary_read(NnetModel *model, int layer, const NNValue *config);
extern NNValue *nnet_vocabulary_config(const NnetVocabulary *vocabulary);

/* ---- in reading.c ---- */

/* Of a layer as create_model is given it: whether it is of that kind, and another shape for it. */
extern bool nnet_spec_is(const NNValue *layer, const char *kind);
extern void nnet_spec_set_shape(NNValue *input, NNValue shape);
/* Give the input of a new model the shape that its values have once they are read for the next layer. */
extern void nnet_reading_set_input(NNValue *input, const NNValue *next);
/* How all inputs are read, by the configurations that were kept. */
extern void nnet_readings_read(NnetModel *model);
/* The configuration of reading->layer with what is known now. */
extern NNValue *nnet_reading_config(const NnetModel *model, const NnetReading *reading);

/* ---- in weights.c ---- */

/* A stored array of reals, of which parts are read. */
typedef struct NnetStored
{
	Datum datum;
	const char *model; /* these two for messages */
	const char *what;
	size_t n;		  /* values */
	size_t header;	  /* bytes before them, where it can be sliced */
	ArrayType *whole; /* else */
} NnetStored;

/* Learns n; what cannot be read in slices is read whole, into the current context. */
extern void nnet_stored_open(NnetStored *stored, Datum datum, const char *model, const char *what);
/* n values from number `from` on.  Refuses NaN and infinity; NULL elements were refused before. */
extern void nnet_stored_read(const NnetStored *stored, size_t from, size_t n, float4 *to);
extern void nnet_stored_close(NnetStored *stored);
/*
 * An array, in the current context, of n values from each source, which are
 * copied only where a row is formed of it: for a query that does nothing else
 * with it.  shape: its dimensions, else it is a list.
 */
extern Datum
nnet_weights_lend(const NNShape *shape, size_t n, const nn_real *const *sources, int n_sources);
extern Datum nnet_weights_flat(Datum lent); /* the same as an ordinary array */
/* SPI_execute_plan of a query whose parameters may be lent; as that, returns how it went. */
extern int nnet_execute_lending(SPIPlanPtr plan, const Datum *values, const char *nulls);
/* Whether nothing in a table stands between a query's parameters and the row: no rule, no domain. */
extern bool nnet_may_lend(Oid relid);
/* How many rows a layer of n values takes. */
extern int nnet_parts(size_t n);

/* ---- in inspect.c ---- */

/* Parameters of a model, and reals of its optimizer's state. */
typedef struct NnetModelTotals
{
	size_t trainable;
	size_t frozen; /* of layers that do not learn, and state such as moving averages */
	size_t optimizer;
} NnetModelTotals;

/* Of a model that was loaded with its structure at least. */
extern void nnet_model_totals(const NnetModel *model, NnetModelTotals *totals);
/* "1.4 MB" */
extern char *nnet_bytes_text(double bytes);

/* One more row of a function that returns rows by InitMaterializedSRF. */
static inline void
nnet_put_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* ---- in cache.c ---- */

extern void nnet_cache_usage(int *models, Size *bytes);

/* ---- in claim.c ---- */

/* A training under way, or one that this statement has done. */
typedef struct NnetClaim NnetClaim;

/* Refuse a second training of the model by the same statement, or while one is under way. */
extern NnetClaim *nnet_claim_model(FunctionCallInfo fcinfo, Oid relid);
/* The model is locked and loaded: from here on nobody in this session drops or alters it. */
extern void nnet_claim_locked(NnetClaim *claim);
/* Its end without one: the query ends early, or runs again. */
extern void nnet_claim_abandoned(NnetClaim *claim);
/* Before training: refuse it if the lock has rolled back. */
extern void nnet_claim_check(const NnetClaim *claim);
extern void nnet_claim_ended(NnetClaim *claim);

#endif /* NNET_MODEL_H */
