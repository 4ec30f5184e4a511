/*
 * data.h
 *	  From SQL values to records: what fit and evaluate share.
 *
 * A row (x, y) goes through a recorder, which holds a reader for x and a
 * target for y, into one record (see nn.h); a fit keeps its records in a
 * dataset.  All of them live in the memory context they were made in.
 */
#ifndef NNET_DATA_H
#define NNET_DATA_H

#include "pg/nnet.h"
#include "pg/types/type_hint.h"

/* ---- in ahead.c ---- */

/* Whether the function is the server's own code: it has no effects that a reader knows not of. */
extern bool nnet_function_is_servers(Oid function);
/* Refuse to read what, for rows that nobody may want. */
pg_noreturn extern void nnet_refuse_ahead(const char *what);

/* ---- in literal.c: literals of unknown type ---- */

/* Whether one is meant as numbers. */
extern bool nnet_literal_is_numbers(const char *text);
/* As text[]; whether all of its elements are meant as numbers. */
extern ArrayType *nnet_literal_array(const char *literal);
extern bool nnet_literal_array_is_numbers(const char *literal);

/* What was seen of something that is learned, how often: a token, a label. */
typedef void (*NnetSeen)(void *arg, const char *bytes, int length, int64 count);

/* ---- in text.c ---- */

typedef struct NnetText NnetText;

/*
 * How texts of that type become ids for a model that takes texts.  learn: its
 * vocabulary is to be collected.
 */
extern NnetText *
nnet_text_make(Oid type, const char *what, const char *model, bool learn, MemoryContext context);
/* Learn y's tokens with those of x. */
extern void nnet_text_share(NnetText *text, const NnetText *with);
extern void nnet_text_take(NnetText *text, Datum value);
/*
 * Ids of the text taken: as many as wanted, padded or cut; 0: as many as there
 * are tokens, and of a text without tokens that of one unknown token.  While
 * learning they are provisional int32.
 */
extern const float *
nnet_text_ids(NnetText *text, const NnetVocabulary *vocabulary, size_t wanted, size_t *count);
/* The same, but none of a text without tokens. */
extern const float *nnet_text_ids_or_none(NnetText *text, const NnetVocabulary *vocabulary,
										  size_t wanted, size_t *count);
/* While learning: the ids that were more than wanted, which were counted too. */
extern const int32 *nnet_text_tail(const NnetText *text, size_t *n);
extern bool nnet_text_learning(const NnetText *text);
/* Whether code that is neither the server's nor ours reads texts. */
extern bool nnet_text_runs_others(const NnetText *text);
extern size_t nnet_text_learning_bytes(const NnetText *text);
/* Take ids that are not for training back out of the counts. */
extern void nnet_text_uncount(NnetText *text, const int32 *ids, size_t n);
/* Tokens that were counted; and count one that others have seen. */
extern void nnet_text_each(const NnetText *text, NnetSeen each, void *arg);
extern void nnet_text_count(NnetText *text, const char *token, int length, int64 count);
/* All texts were seen: they are the vocabulary, which must fit the model. */
extern void nnet_text_learned(NnetText *text, NnetVocabulary *vocabulary, const NnetModel *model);
extern int nnet_text_final(const NnetText *text, int id);

/* ---- in steps.c ---- */

typedef struct NnetSteps NnetSteps;

/* NULL for a model of fixed steps. */
extern NnetSteps *nnet_steps_make(const NnetModel *model, MemoryContext context);
/*
 * The steps of each output for x of that many; 0: as many for any.  Refuses an x
 * that is too short (or too long) for a layer.
 */
extern const int *nnet_steps_output(NnetSteps *steps, const NNSteps *x);
/* Raise what the core refused of x of that many steps (0: of a fixed model).  Never returns. */
pg_noreturn extern void
nnet_steps_error(const NNError *error, const char *model, const NNSteps *steps);
/*
 * Refuse count values that do not fit the shape of an input; what they are is
 * for messages, "x".  Returns the steps of a variable input, else 0.
 */
extern int
nnet_input_steps(const NNShape *input, size_t count, const char *what, const char *model);

/* ---- in labels.c ---- */

typedef struct NnetLabels NnetLabels;

/* An output's labels, to be looked up by values of that type. */
extern NnetLabels *
nnet_labels_make(Oid type, const NnetOutputTraining *training, MemoryContext context);
/* A value's text as a label; valid until the next. */
extern const char *nnet_labels_text(NnetLabels *labels, Datum y);
/* The class of a label, or -1. */
extern int nnet_labels_find(NnetLabels *labels, const char *text);
/* One more label, or one that is there; returns its class. */
extern int nnet_labels_add(NnetLabels *labels, const char *text);
extern int nnet_labels_count(const NnetLabels *labels);
extern int nnet_labels_known(const NnetLabels *labels); /* the model's: the first so many */
extern const char *nnet_labels_name(const NnetLabels *labels, int class);
/* NOTICE those that a training met beside the model's. */
extern void nnet_labels_tell_new(const NnetLabels *labels, const char *model);
/* "a", "b", ... from that class on, for a message. */
extern char *nnet_labels_list(const NnetLabels *labels, int from);
/*
 * The order of all classes that sorts those after the model's own by their
 * labels under the C collation.  True if it moves any.
 */
extern bool nnet_labels_sort(NnetLabels *labels, int *order);

/* ---- in sequence.c ---- */

/*
 * Of n classes how many come before the zeros at the end, for an output of so many steps.
 * Refuses what they cannot spell.  blank: the label of class 0, or NULL.
 */
extern size_t nnet_sequence_length(const int32 *classes, size_t n, size_t steps, const char *blank,
								   const char *what, const char *model);

/* ---- in row_weight.c ---- */

typedef struct NnetRowWeights NnetRowWeights;

/*
 * How weights of rows, values of that type, become those of records, for which
 * format gets room.  type InvalidOid: all rows weigh 1.  by_step: records have
 * a weight for each step of the output, whatever the type.
 */
extern NnetRowWeights *nnet_row_weights_make(Oid type, bool by_step, const NnetModel *model,
											 NNRecordFormat *format, MemoryContext context);
/* Put a row's weight into its record, which is written but for that. */
extern void
nnet_row_weights_write(NnetRowWeights *weights, Datum weight, bool isnull, void *record);

/* ---- in held_back.c ---- */

/* Whether classes come only in rows for validation.  NULL: nobody asks. */
typedef struct NnetHeldBack NnetHeldBack;

extern NnetHeldBack *nnet_held_back_make(int classes, MemoryContext context);
/* Whether the rows from here on were chosen for validation. */
extern void nnet_held_back_set_validation(NnetHeldBack *held, bool validation);
/* A class of the row at hand; and its end. */
extern void nnet_held_back_note(NnetHeldBack *held, int class);
extern void nnet_held_back_end_row(NnetHeldBack *held);
/*
 * NOTICE classes that only rows from n_training on have, or those that were
 * chosen.  stratifies: the option of that name could help.
 */
extern void nnet_held_back_tell(const NnetHeldBack *held, uint64 n_training,
								const NnetLabels *labels, bool stratifies, const char *model);

/* ---- in target.c ---- */

typedef struct NnetTarget NnetTarget;

/*
 * How values of that type become what the loss of an output wants; what they are
 * is for messages, "y".  learn: labels may be collected if it has none yet.
 */
extern NnetTarget *nnet_target_make(Oid type, const char *what, const NnetModel *model, int output,
									bool learn, MemoryContext context);
/* Write y as targets of one record with that head. */
extern void nnet_target_write(NnetTarget *target, Datum y, const NNRecordHead *head, void *out);
/* Have measured what rounding takes from targets that are kept so. */
extern void nnet_target_measure(NnetTarget *target, const NNOutputFormat *format);
/* How y is read as numbers; NULL if it never is. */
extern NnetReader *nnet_target_reader(const NnetTarget *target);
/* Whether classes are provisional until nnet_target_learned. */
extern bool nnet_target_learning(const NnetTarget *target);
/* All labels there will be (none, where y is numbers); NULL: y is no class, or rows may bring more. */
extern NnetLabels *nnet_target_final_labels(const NnetTarget *target);
/* Before the first row: some will be held back, nnet_target_held_back is to come. */
extern void nnet_target_watch(NnetTarget *target);
/* Whether the rows from here on are for validation, which are not among those numbered. */
extern void nnet_target_set_validation(NnetTarget *target, bool validation);
/* Tell of classes that occur only among rows from n_training on, and those for validation. */
extern void nnet_target_held_back(const NnetTarget *target, uint64 n_training);
/*
 * The labels met that the model does not have, each once; and the type they are of (or that
 * y was numbers of classes), NULL if there was nothing to learn.  And one more label.
 */
extern void nnet_target_each(const NnetTarget *target, NnetSeen each, void *arg);
extern const char *nnet_target_learns_type(const NnetTarget *target);
extern void nnet_target_add_label(NnetTarget *target, const char *label);
/*
 * All rows were seen: put new labels, sorted, into the training row, or that y
 * was numbers of classes.  True if
 * provisional classes differ from the final ones, so that nnet_target_remap
 * must run over the targets of all records.
 */
extern bool nnet_target_learned(NnetTarget *target, NnetModel *model);
extern void nnet_target_remap(const NnetTarget *target, void *targets, size_t n);

/* ---- in port.c ---- */

/* The x of a model, port by port (port.h). */
typedef struct NnetInputs NnetInputs;

extern NnetInputs *
nnet_inputs_make(Oid type, const NnetModel *model, bool learn, MemoryContext context);
/*
 * Rows are read from now on that nobody may want, and whose errors are forgotten:
 * no code but the server's and ours may read them.  What other code would read is refused.
 */
extern void nnet_inputs_read_ahead(NnetInputs *inputs);
/* Whether such has been met, or is known to come. */
extern bool nnet_inputs_run_others(const NnetInputs *inputs);
/* Before the first row: have measured what rounding takes. */
extern void nnet_inputs_measure(NnetInputs *inputs);
/* Have bytes stay bytes, in records of that format. */
extern void nnet_inputs_keep_bytes(NnetInputs *inputs, NNRecordFormat *format);
extern bool nnet_inputs_learning(const NnetInputs *inputs);
extern bool nnet_inputs_want_model(const NnetInputs *inputs);
/*
 * A row: take reads x, which may run anything; ready makes values of it by the
 * model as it is loaded then; check refuses what does not fit, and gives the
 * steps of the variable inputs.
 */
extern void nnet_inputs_take(NnetInputs *inputs, Datum x);
/* The same of a row of the type whose columns are apart: attribute i is at columns[i]. */
extern bool nnet_inputs_take_columns_apart(const NnetInputs *inputs);
extern void nnet_inputs_take_columns(NnetInputs *inputs, const Datum *values, const bool *nulls,
									 const int *columns);
extern void nnet_inputs_ready(NnetInputs *inputs, const NnetModel *model);
extern void nnet_inputs_check(const NnetInputs *inputs, NNSteps *steps);
/* The values of all inputs end to end, where none is kept as bytes; valid until the next row. */
extern const float *nnet_inputs_values(NnetInputs *inputs, size_t *count);
/* Whether each input has as many values as in another row, and how many each has. */
extern bool nnet_inputs_alike(const NnetInputs *inputs, const size_t *counts);
extern void nnet_inputs_copy_counts(const NnetInputs *inputs, size_t *counts);
/* An input's shape; NN_ANY in a variable one. */
extern NNShape nnet_input_shape(const NnetModel *model, int input);
/* Refuse what is not one of so many ids. */
extern void nnet_check_ids(const float *x, size_t n, int ids, const char *what, const char *model);
/* Whether the model's inputs are those that rows were read and checked for. */
extern bool nnet_inputs_are_of(const NnetInputs *inputs, const NnetModel *model);
/* Refuse a model of several inputs or outputs, for a function by that name. */
extern void nnet_require_one_port(const NnetModel *model, const char *function);
/* How many ids there are if the input feeds an embedding, else 0. */
extern int nnet_input_ids(const NnetModel *model, int input);

/* ---- in record.c ---- */

/* What y is to one output. */
typedef struct NnetTargetPort
{
	int output;
	const char *what;	/* for messages: y, or '"kind" of y' */
	Oid type;			/* of its values; InvalidOid: not known yet */
	NnetTarget *target; /* NULL if y is a text as x is: one token a step */
	NnetText *text;
	int classes; /* of text */
} NnetTargetPort;

typedef struct NnetRecorder
{
	NNRecordFormat *format;
	NnetInputs *inputs;
	struct NnetFields *fields; /* of y; NULL: it is the only target's, as it is */
	int n_targets;			   /* outputs with a loss; 0: there is no y */
	NnetTargetPort *targets;
	char *model; /* its name */
	bool learn;
	MemoryContext context;
	/* while a vocabulary is learned: tokens that records have no room for */
	struct NnetDataset *tails; /* NULL: none */
	NNRecordFormat *tail_format;
	uint64 rows;	   /* written so far */
	bool holds_back;   /* the last rows are for validation */
	bool watches;	   /* some rows are for validation, to be told of */
	bool validation;   /* the row at hand is */
	bool measures;	   /* what rounding takes away */
	NnetSteps *steps;  /* NULL: fixed */
	NNRecordHead head; /* of the row at hand, from nnet_recorder_read to nnet_recorder_write */
} NnetRecorder;

/* ytype InvalidOid: there is no y, and nothing is looked at when it is written. */
extern NnetRecorder *
nnet_recorder_make(Oid xtype, Oid ytype, const NnetModel *model, bool learn, MemoryContext context);
/* Before the first row: have measured what rounding takes from x and y. */
extern void nnet_recorder_measure(NnetRecorder *recorder);
/*
 * A row: take x, which may run anything; read it, which returns the bytes the
 * record will have; write the record with y.  Where a recorder wants the model,
 * that is the one loaded after x was taken, else it may be NULL.
 */
extern void nnet_recorder_take(NnetRecorder *recorder, Datum x);
extern bool nnet_recorder_wants_model(const NnetRecorder *recorder);
extern size_t nnet_recorder_read(NnetRecorder *recorder, const NnetModel *model);
extern void
nnet_recorder_write(NnetRecorder *recorder, const NnetModel *model, Datum y, void *record);

/* ---- in column_names.c ---- */

/* The column of x that a value was in, by the row read last, if x is the only input's and a row; or NULL. */
extern char *nnet_inputs_column(const NnetInputs *inputs, size_t value);

/*
 * 'columns "a", "b" and 3 of x', of those n features, for a message; inputs
 * NULL: 'features 1 and 2 of <otherwise>'.  Names are those of the row read last.
 */
extern char *nnet_columns_text(const NnetInputs *inputs, int input, const int *features, int n,
							   const char *otherwise);

/* ---- in rounding.c ---- */

struct NnetRounding
{
	size_t width;
	double *low; /* (width) each */
	double *high;
	double *loss;
};

/* n values that were at a position (from 0) of the value being read. */
extern void
nnet_rounding_add(NnetRounding *rounding, size_t position, const double *values, size_t n);
/* For values of so many columns; NULL: they are too many. */
extern NnetRounding *nnet_rounding_make(size_t width, MemoryContext context);

/* ---- in rounding_notice.c ---- */

/* NOTICE columns that lost much of their range by rounding. */
extern void nnet_recorder_tell_rounding(const NnetRecorder *recorder);

/* ---- in dataset.c ---- */

typedef struct NnetDataset NnetDataset;

/*
 * An empty dataset, in a child of parent.  batch is how many records will be
 * wanted at a time.
 */
extern NnetDataset *
nnet_dataset_create(const NNRecordFormat *format, int batch, MemoryContext parent);
/*
 * Before any record: it makes no file.  So it outlives the subtransaction that it
 * grows in, whose end would close the file.
 */
extern void nnet_dataset_stay_in_memory(NnetDataset *dataset);
/*
 * Room for one more record; valid until the next call with this dataset.  NULL: it
 * stays in memory, where no more room is.
 */
extern void *nnet_dataset_append(NnetDataset *dataset, size_t bytes);
/* Count bytes of something else as the dataset's: what learning holds. */
extern void nnet_dataset_reserve(NnetDataset *dataset, size_t bytes);
/* No more records come.  Before anything below. */
extern void nnet_dataset_seal(NnetDataset *dataset);
extern uint64 nnet_dataset_count(const NnetDataset *dataset);
/* How many records will be wanted at a time from now on. */
extern void nnet_dataset_set_batch(NnetDataset *dataset, int batch);
/* How many records a pass gives at a time: a multiple of batch. */
extern int nnet_dataset_at_once(const NnetDataset *dataset);
/* The same for batches of that size. */
extern int nnet_dataset_at_once_of(const NnetDataset *dataset, int batch);
/* The record appended last, which is in memory. */
extern const void *nnet_dataset_last(const NnetDataset *dataset);
/* Empty it, to be appended to again. */
extern void nnet_dataset_clear(NnetDataset *dataset);
/* Let edit change every record in place; it may not change its size. */
typedef void (*NnetRecordEdit)(void *record, void *arg);
extern void nnet_dataset_rewrite(NnetDataset *dataset, NnetRecordEdit edit, void *arg);
extern void nnet_dataset_free(NnetDataset *dataset);
/*
 * Close temporary files early, when an aggregate is abandoned: its own, and
 * those of all datasets that have the same parent.
 */
extern void nnet_dataset_close(NnetDataset *dataset);

/* ---- in pass.c ---- */

typedef struct NnetPass NnetPass;

/* For one pass after the other over a sealed dataset; lives in context. */
extern NnetPass *nnet_pass_make(NnetDataset *dataset, MemoryContext context);
/* Begin anew: over records from `from` on, before `to`, in their order. */
extern void nnet_pass_begin(NnetPass *pass, uint64 from, uint64 to);
/* The same in a random order, which follows from the seed and, in a file, from the memory there is. */
extern void nnet_pass_begin_shuffled(NnetPass *pass, uint64 from, uint64 to, uint64 seed);
/*
 * Point *records at the next ones; valid until the next call.  Returns how many:
 * whole batches but for the last ones, 0 at the end.
 */
extern int nnet_pass_next(NnetPass *pass, const void *const **records);
/* The same of an NnetPass over memory, on any thread: no interrupt is answered. */
extern size_t nnet_pass_next_quietly(void *pass, const void *const **records);

/* Some records of a dataset, by their numbers: order without those from gap_from on, before gap_to. */
typedef struct NnetRows
{
	const uint32 *order;
	uint64 gap_from;
	uint64 gap_to;
} NnetRows;

/*
 * The (sealed) records of a training: the first of one dataset are for training,
 * some of the same or of another for validation.
 */
typedef struct NnetSplit
{
	NnetDataset *training;
	uint64 n_training;
	NnetDataset *validation;
	uint64 from; /* in that: for validation */
	uint64 to;
	/* which records of each dataset are meant, and in which order; order NULL: all */
	NnetRows training_rows;
	NnetRows validation_rows;
} NnetSplit;

/*
 * Passes over both, which may be one; batch is the size of a step of training.  Passes
 * over some records number those from 0 for nnet_pass_begin; the datasets are in memory
 * then, and others of them may be under way at the same time.
 */
extern void nnet_split_passes(const NnetSplit *split, int batch, MemoryContext context,
							  NnetPass **training, NnetPass **validation);

/* ---- in learn.c ---- */

/* Before the first row: the last ones will be for validation, or others, as they are told. */
extern void nnet_recorder_hold_back(NnetRecorder *recorder, bool last);
/* Before a row is written: whether it is for validation. */
extern void nnet_recorder_set_validation(NnetRecorder *recorder, bool validation);
/* Say that a vocabulary is larger than the classes of each step. */
extern void nnet_recorder_refuse_classes(const NnetRecorder *recorder, int classes, int ids);
/* Whether labels or a vocabulary are provisional until nnet_recorder_learned. */
extern bool nnet_recorder_learning(const NnetRecorder *recorder);
/* The record written last is for validation, which tells at once: its tokens do not count. */
extern void nnet_recorder_uncount(NnetRecorder *recorder, void *record);
/* A record was written: keep what is learned from its row and not in it. */
extern void nnet_recorder_keep_tails(NnetRecorder *recorder);
/* Bytes that learning holds beside the records. */
extern size_t nnet_recorder_learning_bytes(const NnetRecorder *recorder);
/*
 * All rows were seen: labels and vocabulary go to the model, final classes and
 * ids into the records.  split is NULL if nothing was provisional.
 */
extern void nnet_recorder_learned(NnetRecorder *recorder, const NnetSplit *split, NnetModel *model);

/* ---- in class_weight.c ---- */

typedef struct NnetClassWeights NnetClassWeights;

/* Whether it is what the option class_weight takes. */
extern bool nnet_class_weight_valid(const NNValue *value);
/* What was given in the options, for records of that format.  Refuses a model whose y is no class. */
extern NnetClassWeights *
nnet_class_weights_make(const NNValue *given, const NnetModel *model, const NNRecordFormat *format,
						MemoryContext context);
/* Before the first row: refuse names of classes that no row will have. */
extern void nnet_class_weights_check_names(NnetClassWeights *weights, const NnetRecorder *recorder);
/* Whether each step of the output has a class, and so a weight. */
extern bool nnet_class_weights_by_step(const NnetClassWeights *weights);
/* Refuse a record whose target is not of one class. */
extern void nnet_class_weights_check(const NnetClassWeights *weights, const void *record);
/*
 * Multiply the weights of the first n records of a sealed dataset by those of
 * their classes.  The model has its labels, the records their final classes.
 */
extern void nnet_class_weights_apply(NnetClassWeights *weights, const NnetModel *model,
									 NnetDataset *dataset, uint64 n);
/*
 * The same where others see the records too, and the first n of a pass are for training:
 * what they are is found, and refused if it is infinite; then who copies a record, on any
 * thread, multiplies the copy's.
 */
extern void nnet_class_weights_learn(NnetClassWeights *weights, const NnetModel *model,
									 NnetPass *pass, uint64 n);
extern void nnet_class_weights_multiply(const NnetClassWeights *weights, void *copy);
/* To a text: which outputs the option is for. */
extern void nnet_class_weight_outputs(const NNValue *given, StringInfo to);

#endif /* NNET_DATA_H */
