/*
 * nn.h
 *	  The face of the numerics core.  PostgreSQL's glue includes this file, what
 *	  it includes, and of the other nn_*.h those whose subject it is about: two
 *	  models (nn_gan.h), what is no number (nn_reading.h), attributions
 *	  (nn_explain.h), models side by side (nn_lanes.h).  No other of src/core.
 *
 * The core allocates nothing, prints nothing and never leaves by a jump.  The
 * caller asks for a size, brings the memory and owns it.  What can be refused
 * is refused while a model is built or a buffer planned, by false and an
 * NNError; running cannot fail.
 *
 * Order of use:
 *	 nn_model_bytes/begin, nn_model_add for each layer, nn_model_finish
 *	 weights into a buffer of model->n_params (nn_model_init_params, or a table)
 *	 nn_plan_make, a workspace of nn_plan_workspace bytes for all threads
 *	 nn_train_records / nn_evaluate_records / nn_predict_reals
 *
 * Arrays hold samples one after the other (batch first, channels last).
 * Parameters of a model: one flat array, layer after layer, each layer's in
 * the order of Keras get_weights(), row-major; gradients and each optimizer
 * slot have the same layout.
 */
#ifndef NN_H
#define NN_H

#include <stdatomic.h>

#include "core/kernels/kernels.h"

#define NN_MAX_RANK 4 /* of a sample, without the batch */
#define NN_MAX_DIMS 5 /* of a parameter: the kernel of a 3D convolution */
#define NN_ANY (-1)	  /* a variable number of steps; first dimension only */
#define NN_MAX_NAME 64
#define NN_MAX_INPUTS 64   /* layers that feed one layer */
#define NN_MAX_PORTS 1600  /* inputs of a model: a table has no more columns */
#define NN_MAX_OUTPUTS 16  /* of a model */
#define NN_MAX_SEQUENCES 8 /* inputs of variable steps of a model */
#define NN_MAX_PARAMS 12   /* parameter tensors of one layer */
#define NN_MAX_CONF 1088   /* bytes of a layer's configuration */
#define NN_MAX_LAYERS 4096
#define NN_MAX_UNITS 1048576 /* of any one dimension a user names */
#define NN_MAX_MODEL_PARAMS ((size_t) 1 << 31)
#define NN_MAX_SAMPLE ((size_t) 1 << 28) /* reals of any one activation of one sample */
#define NN_MAX_THREADS 64
#define NN_MAX_METRICS 12

/* ---- errors ---- */

typedef enum NNErrorCode
{
	NN_OK,
	NN_BAD_VALUE,	 /* an option's value or type */
	NN_UNKNOWN_NAME, /* a kind, option or word that does not exist */
	NN_BAD_SHAPE,	 /* shapes that do not fit */
	NN_TOO_LARGE	 /* over a limit */
} NNErrorCode;

/* The caller adds the model's name; message names the layer or option. */
typedef struct NNError
{
	NNErrorCode code;
	char message[512];
	char hint[4096]; /* empty: none; all kinds of layers fit */
} NNError;

/* ---- values: configurations as the caller read them (from jsonb) ---- */

typedef enum NNValueType
{
	NN_V_NULL,
	NN_V_BOOL,
	NN_V_NUMBER,
	NN_V_STRING,
	NN_V_ARRAY,
	NN_V_OBJECT
} NNValueType;

typedef struct NNValue
{
	NNValueType type;
	bool boolean;
	double number;
	int64_t integer;	/* the number exactly, if whole and beyond what a double holds; else 0 */
	const char *string; /* NUL-terminated */
	int count;			/* of items */
	int room;			/* for items, where a value is being built; else 0 */
	const struct NNValue *items; /* of an array or object */
	const char *const *keys;	 /* of an object, one an item */
} NNValue;

/* The item of an object with that key, or NULL. */
extern const NNValue *nn_value_get(const NNValue *object, const char *key);
/* What a name says, or an object by its "kind"; NULL: neither. */
extern const char *nn_value_kind(const NNValue *value);

/* ---- shapes ---- */

typedef struct NNShape
{
	int rank; /* 1 to NN_MAX_RANK, of a parameter to NN_MAX_DIMS; 0: a single number, as rank 1 of 1 */
	int dim[NN_MAX_DIMS];
} NNShape;

/* Product of the dimensions; NN_ANY counts as 1. */
extern size_t nn_shape_size(const NNShape *shape);
extern bool nn_shape_equal(const NNShape *a, const NNShape *b);
/* "(28, 28, 1)"; NN_ANY prints as None.  Returns buf. */
extern char *nn_shape_text(const NNShape *shape, char *buf, size_t size);

/* ---- layers and models ---- */

typedef struct NNKind NNKind;
typedef struct NNLayer NNLayer; /* layers/layer.h */

#include "core/nn_rules.h"

/* One parameter tensor of a layer. */
typedef struct NNParam
{
	const char *name; /* 'kernel', 'bias', ... */
	NNShape shape;
	size_t offset; /* in the layer's parameters */
	size_t size;
	bool trainable; /* false: state such as moving_mean */
	NNInitializer init;
	NNRegularizer regularizer; /* added to loss and gradient */
	NNConstraint constraint;   /* that each step ends with */
	bool by_id; /* a table whose rows' gradients come one by one, for each place of an id */
	int mean;	/* of a variance: 1 + the number of the parameter that is its mean; else 0 */
} NNParam;

/*
 * Steps of a sample, or of a batch (the most of its samples), one number for
 * each input of variable steps in the order of the inputs; 0 for the others.
 */
typedef struct NNSteps
{
	int of[NN_MAX_SEQUENCES];
} NNSteps;

extern bool nn_steps_equal(const NNSteps *a, const NNSteps *b);

/*
 * A model's ports: inputs[] are its layers of kind input, outputs[] those that
 * feed no other layer, both in the order of the layers.  A sample's x is the
 * values of all inputs end to end, its y those of all outputs.
 */
typedef struct NNModel
{
	int n_layers;
	int max_layers; /* room, inner layers included */
	int n_inner;	/* inner layers, kept at the end of the room */
	size_t n_params;
	size_t n_trainable;
	size_t n_packed; /* reals of its packed weights */
	bool finished;
	int n_inputs;
	uint16_t inputs[NN_MAX_PORTS]; /* indexes of layers */
	int n_outputs;
	int outputs[NN_MAX_OUTPUTS];
	int n_sequences;					  /* inputs with NN_ANY steps */
	int sequences[NN_MAX_SEQUENCES];	  /* which of inputs[] they are */
	bool variable;						  /* there are some */
	bool variable_output[NN_MAX_OUTPUTS]; /* of outputs[]: their steps follow from the inputs' */
	NNSteps steps;	 /* that the shapes are made for now; all 0: NN_ANY stands */
	NNLayer *layers; /* topological order, the first is an input; behind this struct, in its room */
} NNModel;

extern const NNLayer *nn_model_layer(const NNModel *model, int i);
extern const NNLayer *nn_model_input(const NNModel *model, int input);
extern const NNLayer *nn_model_output(const NNModel *model, int output);
/* The port of that name, or -1. */
extern int nn_model_find_input(const NNModel *model, const char *name);
extern int nn_model_find_output(const NNModel *model, const char *name);

/* What there is to know of a layer. */
extern const char *nn_layer_name(const NNLayer *layer);
extern const char *nn_layer_kind(const NNLayer *layer);
extern const NNShape *nn_layer_shape(const NNLayer *layer); /* of its output */
extern int
nn_layer_input(const NNLayer *layer, int i); /* index of the i-th that feeds it; -1: none */
extern bool nn_layer_trainable(const NNLayer *layer);
extern double nn_layer_flops(const NNLayer *layer); /* multiply-adds a sample, forward */

/* Its parameters. */
typedef struct NNParams
{
	size_t offset; /* in the model's */
	size_t size;
	int n;
	const NNParam *of;
} NNParams;

extern NNParams nn_layer_params(const NNLayer *layer);

/* What the values of an input are declared as. */
typedef enum NNInputType
{
	NN_INPUT_REALS,
	NN_INPUT_WHOLE, /* numbers, which must be whole, and exact as reals */
	NN_INPUT_TEXTS
} NNInputType;

extern NNInputType nn_input_type(const NNLayer *layer); /* of kind input */

/* Values of a sample, of all inputs or outputs together, for the shapes as they are now. */
extern size_t nn_model_x_size(const NNModel *model);
extern size_t nn_model_y_size(const NNModel *model);

/*
 * Room for max_layers: the sum of nn_layer_room over the rows.  Inner layers
 * of wrappers are kept by pointers: the model stays where it was begun.
 */
extern size_t nn_model_bytes(int max_layers);
extern int nn_layer_room(const NNValue *config); /* 1, and two for each layer it wraps */
extern void nn_model_begin(NNModel *model, int max_layers);

/*
 * Append a layer.  inputs are names of earlier layers; n_inputs -1 means the
 * one before.  An empty or NULL name is made as Keras does ('dense',
 * 'dense_1').  config is an object; its keys 'kind', 'name' and 'inputs' are
 * passed over.  Shapes are inferred at once, so that an error names the layer.
 */
extern bool
nn_model_add(NNModel *model, const char *kind, const char *name, const char *const *inputs,
			 int n_inputs, const NNValue *config, NNError *error);
/* All layers are there: finds the outputs, plans parameters. */
extern bool nn_model_finish(NNModel *model, NNError *error);
/* A copy in memory of nn_model_bytes(from->max_layers), to be asked of shapes. */
extern void nn_model_copy(NNModel *to, const NNModel *from);
/*
 * How many steps each output has for inputs of that many; of a variable model.
 * 0: as many for any.  False if a layer cannot take them: they are too few, or
 * too many.  Makes the model's shapes those: ask a copy that no plan is for.
 */
extern bool nn_model_output_steps(NNModel *model, const NNSteps *steps,
								  int output_steps[NN_MAX_OUTPUTS], NNError *error);
/*
 * Draw the initial values of one layer into params, which has room for its
 * NNParams size; scratch has nn_layer_initial_scratch reals.  False: interrupted.
 */
extern bool nn_model_init_params(const NNModel *model, int layer, nn_real *params, uint64_t seed,
								 nn_real *scratch);
extern size_t nn_layer_initial_scratch(const NNLayer *layer);
/* Refuse what the parameters of a stranger's layer cannot be. */
extern bool
nn_layer_check_params(const NNLayer *layer, const nn_real *layer_params, NNError *error);
/* Whether the layer still has to learn from rows (normalization, imputation, ...). */
extern bool nn_layer_adapts(const NNLayer *layer); /* it does, or has done so */
extern bool nn_layer_unadapted(const NNLayer *layer, const nn_real *layer_params);
/*
 * The layer of ids, such as an embedding, that a layer's output goes to: that output
 * must be whole numbers from 0 to its nn_layer_ids - 1.  Of several the one of the
 * fewest; NULL: there is none.
 */
extern const NNLayer *nn_model_ids_taker(const NNModel *model, int from);
/* Whether NaN in an input is a missing value: each layer that it feeds puts something in its place. */
extern bool nn_model_takes_missing(const NNModel *model, int input);
/* How many ids a layer takes, such as an embedding; 0: it takes none. */
extern int nn_layer_ids(const NNLayer *layer);
/* Check a layer's options alone, as the SQL constructors do. */
extern bool nn_layer_check(const char *kind, const NNValue *config, NNError *error);
extern const char *nn_kind_name(int i); /* of all kinds, for a hint; NULL past the last */

/* ---- loss, metrics, optimizer: what compile() chose ---- */

#include "core/nn_loss.h"
#include "core/nn_optimizer.h"

/* How targets look in records and to the loss. */
typedef enum NNTargetType
{
	NN_TARGET_NONE,	 /* predict only */
	NN_TARGET_REALS, /* as many as the output has */
	NN_TARGET_INDEX	 /* int32 classes: one a row of the output's last dimension */
} NNTargetType;

/* What targets mean to a loss, and so which values they can have (losses/meaning.c). */
typedef enum NNMeaning
{
	NN_MEANS_NUMBER,	   /* any number */
	NN_MEANS_AMOUNT,	   /* 0 or more */
	NN_MEANS_GROWTH,	   /* what is added to 1: above -1 */
	NN_MEANS_SIDE,		   /* which of two classes: -1 or 1, and 0 counts as -1 */
	NN_MEANS_PROBABILITY,  /* 0 to 1, of each output on its own */
	NN_MEANS_DISTRIBUTION, /* 0 or more, of all outputs of a row together: the sum is 1 */
	NN_MEANS_CLASS,		   /* the index of one of a row's outputs */
	NN_MEANS_SEQUENCE /* such indexes in their order, at most one a step; 0, the blank, fills up */
} NNMeaning;

/* What one output is trained for. */
typedef struct NNObjective
{
	NNLoss loss;	   /* of kind NULL: nothing, and it has no targets */
	double weight;	   /* of its loss in the whole */
	NNMeaning meaning; /* the loss's */
	NNMeaning values;  /* what targets can be: the same, or a metric takes fewer */
	int n_metrics;
	NNMetric metrics[NN_MAX_METRICS];
	NNTargetType target;
	size_t target_count;  /* reals or indexes a sample, or a step of the output: */
	bool target_variable; /* the output has NN_ANY steps, whatever shapes are made for now */
	int width;			  /* of a row: the output's last dimension */
	int classes;		  /* of NN_TARGET_INDEX: the width */
} NNObjective;

/* What a model is trained for: an objective for each output, in their order. */
typedef struct NNObjectives
{
	int n; /* the model's outputs */
	NNObjective of[NN_MAX_OUTPUTS];
} NNObjectives;

/*
 * Resolve a loss and metrics, as they were written, against the shape of an output;
 * marks its layer for logits where a cross-entropy, loss or metric, meets softmax or
 * sigmoid.  loss NULL: the output is not trained for anything; it has no metrics then.
 * In the last n_weighted metrics rows count by their weights.  What is written lives
 * as long as the objective.
 */
extern bool
nn_objective_parse(NNObjective *objective, NNModel *model, int output, const NNValue *loss,
				   const NNValue *metrics, int n_metrics, int n_weighted, NNError *error);
/* The only objective of a model of one output, by names. */
extern bool nn_objectives_parse(NNObjectives *objectives, NNModel *model, const char *loss,
								const char *const *metrics, int n_metrics, NNError *error);
/* Whether the loss wants probabilities and the output gives none; note says so. */
extern bool nn_objective_doubtful(const NNObjective *objective, const NNModel *model, int output,
								  NNError *note);
/*
 * Whether an output of one number tells two classes apart, and above what the second
 * begins.  objective is NULL if the model is not compiled.
 */
extern bool
nn_model_decides(const NNModel *model, int output, const NNObjective *objective, double *threshold);
/* Of how many classes a row of the output can be one; 0: targets are no classes. */
extern int nn_objective_classes(const NNObjective *objective);
/*
 * Which class the targets of a sample say for a row of its output; -1: not one
 * (where each output is a probability of its own, or of the class that is ignored).
 * Targets are meant.
 */
extern int nn_target_class(const NNObjective *objective, const void *targets, size_t row);
/* Whether there is a class whose rows do not count, and which; it may be none of an output. */
extern bool nn_objective_ignores(const NNObjective *objective, int *class);
/*
 * Whether a sample's targets are a sequence of classes that does not say which step is
 * of which, and has a blank, class 0; the least steps that such a sequence takes.
 */
extern bool nn_objective_sequence(const NNObjective *objective);
extern size_t nn_sequence_steps(const int32_t *classes, size_t n);
/* Of how many classes a sample can be one, to be named by a label; 0: y is no class. */
extern int nn_objective_labels(const NNObjective *objective);
/* A target that the loss or a metric does not take. */
typedef struct NNTargetFault
{
	bool is_sum;	 /* of a row's values, else one value */
	double value;	 /* it */
	size_t position; /* where, from 0; of a sum the row's first */
} NNTargetFault;

/* Whether loss and metrics take all n targets, which are whole rows; fault is the first they do not. */
extern bool nn_targets_meant(const NNObjective *objective, const float *targets, size_t n,
							 NNTargetFault *fault);
/* Which of them takes the fewest values; these, "values from 0 to 1"; what to do with others (or NULL). */
extern const char *nn_targets_taker(const NNObjective *objective);
extern const char *nn_targets_text(const NNObjective *objective);
extern const char *nn_targets_remedy(const NNObjective *objective);

/* ---- records: rows of training data as the dataset keeps them ---- */

/*
 * One sample: steps of its sequences, then by output its targets and weights,
 * then by input its values, each packed end to end from a 4-byte boundary.
 *	 steps: int32[] of variable inputs, of variable outputs
 *	 for each output: targets: float[] or int32[] | weights: float[]
 *	 for each input: x: float[] or uint8[]
 */
typedef struct NNInputFormat
{
	bool bytes;	  /* x is uint8, else float */
	int sequence; /* which of the head's steps it has; -1: it is fixed */
	size_t count; /* values a sample, or a step */
} NNInputFormat;

typedef struct NNOutputFormat
{
	NNTargetType target;
	bool variable; /* its steps are in the head's target_steps */
	size_t count;  /* reals or indexes a sample, or a step if variable */
	/* of the loss: none (0), one a sample (1), or one a row of the output: rows a sample or a step */
	size_t weights;
	bool weights_variable; /* weights are those of a step */
} NNOutputFormat;

typedef struct NNRecordFormat
{
	int n_outputs; /* 0: records without targets */
	NNOutputFormat outputs[NN_MAX_OUTPUTS];
	int n_sequences; /* inputs of variable steps */
	int n_target_sequences;
	int n_inputs;
	NNInputFormat inputs[];
} NNRecordFormat;

typedef struct NNRecordHead
{
	NNSteps steps;						  /* of x */
	int32_t target_steps[NN_MAX_OUTPUTS]; /* of each output that is variable; else 0 */
} NNRecordHead;

extern size_t nn_record_format_bytes(int n_inputs);
/* The format of a model's records; objectives NULL: without targets.  Of reals, no weights. */
extern void
nn_record_format(NNRecordFormat *format, const NNModel *model, const NNObjectives *objectives);
extern bool nn_record_format_equal(const NNRecordFormat *a, const NNRecordFormat *b);
/* Whether records differ in length, so that a head must be read to know. */
extern bool nn_record_varies(const NNRecordFormat *format);
extern size_t nn_record_head_bytes(const NNRecordFormat *format);
extern size_t nn_record_bytes(const NNRecordFormat *format, const NNRecordHead *head);
extern void
nn_record_put_head(const NNRecordFormat *format, const NNRecordHead *head, void *record);
extern void
nn_record_get_head(const NNRecordFormat *format, const void *record, NNRecordHead *head);
/* Values of an input, of an output's targets and weights, for a sample with that head. */
extern size_t nn_record_x_count(const NNRecordFormat *format, const NNRecordHead *head, int input);
extern size_t
nn_record_target_count(const NNRecordFormat *format, const NNRecordHead *head, int output);
extern size_t
nn_record_weight_count(const NNRecordFormat *format, const NNRecordHead *head, int output);
/* Bytes that so many values of an input take. */
NN_INLINE size_t
nn_record_x_bytes(const NNInputFormat *format, size_t n)
{
	return format->bytes ? (n + 3) & ~(size_t) 3 : n * sizeof(float);
}
/* Where they begin, in bytes from the record's. */
extern size_t nn_record_x_at(const NNRecordFormat *format, const NNRecordHead *head, int input);
extern size_t
nn_record_target_at(const NNRecordFormat *format, const NNRecordHead *head, int output);
extern size_t
nn_record_weight_at(const NNRecordFormat *format, const NNRecordHead *head, int output);

/* ---- plans and runs ---- */

typedef struct NNPlan NNPlan;

/*
 * What a run accumulates: mergeable by adding, so that parallel aggregates
 * combine.  Begins as zeros.
 */
typedef struct NNLosses
{
	double samples;
	double penalty_sum;			/* of regularization, over samples */
	double sum[NN_MAX_OUTPUTS]; /* over entries, not weighted by the objective's weight */
	double count[NN_MAX_OUTPUTS];
} NNLosses;

typedef struct NNTotals
{
	NNLosses losses;
	/* as many doubles as each needs: by output of the loss, if it has one, then of its metrics */
	double states[];
} NNTotals;

/* What they come to. */
typedef struct NNScores
{
	double samples;
	double loss; /* of all outputs, weighted, and what regularization adds */
	struct
	{
		double loss;
		double metrics[NN_MAX_METRICS]; /* of those that are one number */
	} outputs[NN_MAX_OUTPUTS];
	double *values; /* of those that are arrays, end to end; NULL: nobody wants them */
} NNScores;

extern void nn_losses_add(NNLosses *to, const NNLosses *from, int outputs);
/* The loss of all outputs, and of one alone. */
extern double nn_losses_all(const NNObjectives *objectives, const NNLosses *losses);
extern double nn_losses_output(const NNLosses *losses, int output);
/* The number of states[], and bytes with them. */
extern size_t nn_totals_states(const NNObjectives *objectives);
extern size_t nn_totals_bytes(const NNObjectives *objectives);
extern void nn_totals_add(const NNObjectives *objectives, NNTotals *to, const NNTotals *from);
/* Without the losses' sums. */
extern void
nn_totals_add_states(const NNObjectives *objectives, NNTotals *to, const NNTotals *from);
/* The state of an output's i-th metric. */
extern double *nn_totals_state(const NNObjectives *objectives, NNTotals *totals, int output, int i);
/* That of its loss; NULL: it has none. */
extern double *nn_totals_loss_state(const NNObjectives *objectives, NNTotals *totals, int output);
/* How many numbers the metrics are that are arrays; and those of one, or NULL if they are not there. */
extern size_t nn_objectives_values(const NNObjectives *objectives);
extern const double *
nn_scores_values(const NNObjectives *objectives, const NNScores *scores, int output, int metric);
/* scores->values is the caller's, with room for all values, or NULL. */
extern void
nn_totals_scores(const NNObjectives *objectives, const NNTotals *totals, NNScores *scores);

/* Where a layer is on the ways from the layers whose gradients are wanted. */
typedef enum NNRootPlace
{
	NN_AFTER_ROOTS,
	NN_BEFORE_ROOTS,
	NN_ROOT
} NNRootPlace;

/*
 * What a plan is for, and follows from: it fixes where everything lies for chunks
 * of at most so many samples, of those steps.  A chunk is the samples that one
 * thread takes through all layers at a time.
 */
typedef struct NNPlanRequest
{
	int batch;						/* samples of one step of training, or rows at hand */
	NNSteps steps;					/* of this batch, if the model is variable */
	int threads;					/* wanted; the plan may use fewer */
	const NNObjectives *objectives; /* whose targets need room; NULL for prediction */
	const NNRecordFormat *format;	/* whose weights need room; NULL: there are none */
	bool training;
	size_t
		gradient_room; /* training: of more bytes layers are updated one by one; 0: none before all are known */
	bool frozen;		   /* training: no gradients of parameters (GAN) */
	const uint8_t *places; /* by layer, NNRootPlace: the gradients that are wanted are roots' */
	bool force_threads;	   /* tests: as many as wanted, however little the work */
	int chunk;			   /* samples a thread takes at a time; 0: chosen by the plan */
	const NNOptimizer *optimizer; /* training: whose sums and norms need room; or NULL */
	bool whole;			   /* keep all chunks of a batch at once, as coupled layers need it (GAN) */
	int passes;			   /* training: of so many a step is made (GAN); 0: of one */
	bool packed;		   /* the run will have packed weights */
	NNPrecision precision; /* of products: that of packed weights, too */
} NNPlanRequest;

extern size_t nn_plan_bytes(const NNModel *model);
/* plan has nn_plan_bytes.  Makes a variable model's shapes those of the request's steps. */
extern bool
nn_plan_make(NNPlan *plan, NNModel *model, const NNPlanRequest *request, NNError *error);
extern int nn_plan_threads(const NNPlan *plan);
/* Reals of all threads' gradients: large weights have one for all threads. */
extern size_t nn_plan_gradients(const NNPlan *plan);
extern size_t nn_plan_workspace(const NNPlan *plan); /* bytes, all threads together */

/*
 * What a layer of ids was given that is none of its ids: running goes on with a
 * neighbour, and says so at its end.  False: nothing since the run began.
 */
typedef struct NNWrongId
{
	const char *layer;
	const char *from; /* the layer that gave it */
	double value;
	int input_dim;		/* ids are 0 to that - 1 */
	const char *option; /* that says so: "input_dim" */
} NNWrongId;

extern bool nn_plan_wrong_id(const NNPlan *plan, const NNModel *model, NNWrongId *wrong);

/* All that a run works on; the caller owns every pointer. */
typedef struct NNRun
{
	NNModel *model;
	NNPlan *plan;
	void *workspace; /* nn_plan_workspace bytes, NN_ALIGN aligned, any content */
	nn_real *params; /* n_params */
	const nn_real *
		packed; /* prediction: by nn_model_pack of these params and the plan's precision, or NULL */
	/* training */
	const NNObjectives *objectives;
	NNOptimizer *optimizer;
	nn_real *grads;				  /* nn_plan_gradients, zeroed by the caller at first */
	nn_real *slots[NN_MAX_SLOTS]; /* n_params each, zeroed at step 0 */
	int64_t step;				  /* steps done over the model's life; advanced by training */
	uint64_t seed;
	const NNRecordFormat *format; /* of the records it is given */
	NNTotals *totals;			  /* nn_totals_bytes of the objectives; added to */
} NNRun;

/*
 * Weights as predictions of many rows read them fastest: packed has n_packed
 * reals, NN_ALIGN aligned.  To be made anew when the parameters change, and of
 * a model whose shapes were made last by a plan that was not refused.
 */
extern void
nn_model_pack(const NNModel *model, NNPrecision precision, const nn_real *params, nn_real *packed);

typedef enum NNRunResult
{
	NN_RUN_DONE,
	NN_RUN_INTERRUPTED, /* the watched flag was up: the unfinished step changed nothing, call again */
	NN_RUN_REFUSED,		/* a value that its layer has no place for: see nn_plan_wrong_id */
	NN_RUN_DIVERGED		/* the loss or a weight became NaN or infinite */
} NNRunResult;

/*
 * Train on n_records, batch after batch of request.batch (the last may be
 * smaller).  *done counts the records used up; after an interrupt, call again
 * with the rest.
 */
extern NNRunResult
nn_train_records(NNRun *run, const void *const *records, size_t n_records, size_t *done);
/* Add loss and metrics in inference mode to run->totals. */
extern NNRunResult
nn_evaluate_records(NNRun *run, const void *const *records, size_t n_records, size_t *done);
/* n samples x (n, nn_model_x_size) into y (n, nn_model_y_size), both reals, whatever the plan's batch. */
extern NNRunResult nn_predict_reals(NNRun *run, const nn_real *x, size_t n, nn_real *y);

/* A prediction whose x the caller is still filling (infer/predict.c). */
typedef struct NNPrediction
{
	NNRun *run;
	const nn_real *x;
	nn_real *y;
	size_t expected;	 /* samples; there may be fewer */
	atomic_size_t ready; /* samples of x that are there */
	atomic_size_t taken; /* samples that a thread has begun or done */
} NNPrediction;

/*
 * The same as nn_predict_reals in parts: begin, tell of each further sample how
 * many of x are there, finish with all of them.  NN_RUN_INTERRUPTED also where
 * another job came between (nn_pool_abandon): then predict again.
 */
extern void nn_predict_begin(NNPrediction *prediction, NNRun *run, const nn_real *x,
							 size_t expected, nn_real *y);
extern void nn_predict_ready(NNPrediction *prediction, size_t n);
extern NNRunResult nn_predict_finish(NNPrediction *prediction, size_t n);
/* The same for one thread and one sample, as fast as it goes. */
extern NNRunResult nn_predict_one(NNRun *run, const nn_real *x, nn_real *y);

/*
 * Learning from rows before training (normalization).  For each layer that is
 * unadapted, in order: begin, rows in pieces, end.  One thread.  A layer that
 * takes several passes is given all rows again, after nn_adapt_pass for each
 * pass from number 1 on.
 */
extern size_t nn_adapt_bytes(const NNModel *model, int layer);
extern int nn_adapt_passes(const NNModel *model, int layer);
extern void nn_adapt_pass(const NNModel *model, int layer, int pass, double *state);
/* Whether it learns from y, and not from what comes to it. */
extern bool nn_adapts_to_target(const NNModel *model, int layer);
/* Refuse, before rows are read, a layer that cannot learn where it is. */
extern bool
nn_adapt_check(const NNModel *model, const NNObjectives *objectives, int layer, NNError *error);
extern void nn_adapt_begin(const NNModel *model, int layer, double *state);
/* A layer that learns. */
typedef struct NNAdapting
{
	int layer;
	double *state;
	bool once; /* its state is that of nn_learn_* */
	bool
		ahead; /* false at first; inside: it has seen the rows at hand, in which others were interrupted */
} NNAdapting;

/*
 * Show records to n layers, in the order of the model: none is before another that it gets values of.
 * needed: the layers to be run for that; NULL: all.
 */
extern NNRunResult nn_adapt_records(NNRun *run, NNAdapting *layers, int n, const bool *needed,
									const void *const *records, size_t n_records, size_t *done);
extern void nn_adapt_end(const NNModel *model, int layer, double *state, nn_real *params);

/*
 * The same in one pass, by states that are put together: of rows that are
 * shared out.  unknown[i]: what layer i, an input, gives is not known before all rows were
 * seen.  Sets learns[i] of each layer, and needed[i] of those whose outputs others
 * learn from; before rows are shown, params are made such that missing values stay missing.
 * Layers that learn from what this pass learns are left for another.
 */
extern void nn_learn_plan(const NNModel *model, const nn_real *params, const bool *unknown,
						  bool *learns, bool *needed);
extern void nn_learn_pass_missing(const NNModel *model, const bool *learns, nn_real *params);
extern size_t nn_learn_size(const NNModel *model, int layer); /* doubles of state, zero at first */
/* other may hold any finite doubles. */
extern void nn_learn_merge(const NNModel *model, int layer, double *state, const double *other);
/* The values of a feature were less by that than they are. */
extern void nn_learn_shift(const NNModel *model, int layer, double *state, int feature, double by);
/*
 * Whether the layer saw values that are missing before it; then it is filled by another
 * state, which has seen a row of nothing else, by the parameters of now.
 */
extern bool nn_learn_lacks(const NNModel *model, int layer, const double *state);
extern void nn_learn_fill(const NNModel *model, int layer, double *state, const double *shown);
extern void nn_learn_end(const NNModel *model, int layer, double *state, nn_real *params);
/*
 * What was learned: how many features there are, whether one of them was the
 * same in all rows and so gives nothing, and of which input they are, in
 * its order (of its last dimension, if the layer's input has several); -1: of none.
 */
extern int nn_adapt_features(const NNModel *model, int layer);
extern bool nn_adapt_constant(const NNModel *model, int layer, const nn_real *params, int feature);
extern int nn_adapt_on_input(const NNModel *model, int layer);

#endif /* NN_H */
