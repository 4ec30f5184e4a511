/*
 * target.c
 *	  y to what the loss wants: class indexes or reals.
 *
 * What a value of y means follows from its type, from what targets mean to
 * the loss, and from what the model knows of classes:
 *	 strings, enums		labels.  To a model that was trained on numbers of classes: such a number
 *	 boolean			the labels false and true, else 0 and 1
 *	 one number			a label if the model has labels other than false and true.  Else the number
 *						of a class, or the value of one output
 *	 array, row, bytea	one value for each output (or one class for each of its rows)
 *	 array of such		what each means, where an output has several rows (steps).  To a loss of
 *						sequences: as many as there are, and zeros at the end are none
 * So numbers of classes never stand for labels, nor labels for classes that
 * were trained by their numbers.
 *
 * Labels have the order of the C collation.  In a fit they are not known
 * before the last row, so records get provisional classes in the order in
 * which labels appear; nnet_target_learned sorts, and the records are then
 * remapped.  Those that the model has keep their classes: outputs beyond them
 * are free for others, unless the labels were given to compile.
 *
 * The blank of such a loss is class 0: among labels the first, where none are given the empty one.
 *
 * Long because each way of reading y is here, from a value to its class or numbers.
 */
#include "pg/data/data.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define ONE_CLASS_A_ROW                                                                   \
	"For one class a row, put nnet.flatten() or a global pooling before the last layer, " \
	"or leave out return_sequences."

#define BLANK "" /* what sorts before all labels: so it stays class 0 */

/* How values of y are read. */
typedef enum Reading
{
	READS_NUMBERS, /* a value for each output, or the number of a class */
	READS_LABELS,
	READS_TEXTS,   /* numbers of classes as text */
	READS_LITERALS /* of unknown type: a label the model has, or numbers */
} Reading;

struct NnetTarget
{
	MemoryContext context;
	char *model;
	char *what; /* for messages: y, or '"kind" of y' */
	int output;
	NNObjective objective;
	Oid type;	   /* of y, or of its elements if each is a class; no domain */
	bool scalar;   /* it is one number */
	int classes;   /* of each row of the output; 0: y is no class, and has no labels */
	bool steps;	   /* there are several rows of them */
	bool each;	   /* y is an array with a class for each */
	bool sequence; /* which are not one for each row, and never the blank */
	int16 length;  /* of its elements */
	bool by_value;
	char align;
	NnetKnows knows;
	Reading reading;
	NnetReader *reader; /* NULL if y is only ever a label */

	/* labels */
	NnetLabels *labels; /* NULL: there can be none */
	bool learn;			/* in a fit */
	bool learning;		/* labels that the model does not have */
	int *final;			/* provisional class to final */

	/* what came so far */
	NnetHeldBack *held; /* NULL: nobody asks */
	bool numbers;		/* y was numbers */
	bool zero, minus;	/* of two sides: which stood for the first */
};

/* ---- setting up ---- */

/* Whether the model has labels that are no booleans: then numbers are no classes. */
static bool
has_labels(const NnetTarget *target)
{
	return target->knows == NNET_KNOWS_LEARNED || target->knows == NNET_KNOWS_GIVEN;
}

/* Whether one number can be the class of a row with an output for each. */
static bool
one_hot(const NnetTarget *target)
{
	return target->classes > 0 && !target->steps &&
		target->objective.meaning == NN_MEANS_DISTRIBUTION;
}

static void
refuse_label_type(const NnetTarget *target)
{
	if (!target->steps)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s has type %s, but the loss %s of model \"%s\" needs numbers",
						target->what, format_type_be(target->type),
						nn_loss_name(&target->objective.loss), target->model),
				 errhint("For labels, compile the model with sparse_categorical_crossentropy "
						 "(or binary_crossentropy for a single output).")));
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%s has type %s, but model \"%s\" has more than one class a row", target->what,
					format_type_be(target->type), target->model),
			 errhint("Give y as an array of labels or numbers.%s",
					 target->sequence ? "" : " " ONE_CLASS_A_ROW)));
}

/* A type that is neither numbers nor a label (date, uuid) could be written as one. */
static void
check_readable(const NnetTarget *target)
{
	if (target->classes > 0 && !nnet_type_is_readable(target->type))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s for model \"%s\" has type %s, which is neither a label nor numbers",
						target->what, target->model, format_type_be(target->type)),
				 errhint("Where its values are labels, give them as text: y::text.")));
}

static Reading
choose_reading(const NnetTarget *target)
{
	bool is_label = nnet_type_is_label(target->type);
	bool fresh = target->knows == NNET_KNOWS_NOTHING && target->learn;

	if (target->classes == 0 || (target->steps && !target->each))
		return READS_NUMBERS;
	if (target->type == UNKNOWNOID)
		return READS_LITERALS;
	if (is_label)
		return has_labels(target) || target->knows == NNET_KNOWS_BOOLEANS || fresh ? READS_LABELS
																				   : READS_TEXTS;
	if (target->type == BOOLOID)
		return has_labels(target) ||
				(fresh &&
				 (target->objective.meaning != NN_MEANS_PROBABILITY || target->classes == 2))
			? READS_LABELS
			: READS_NUMBERS;
	return target->scalar && has_labels(target) ? READS_LABELS : READS_NUMBERS;
}

/* Whether the labels are those of booleans, known before any row. */
static bool
known_ahead(const NnetTarget *target)
{
	return target->type == BOOLOID && !target->sequence;
}

static void
init_labels(NnetTarget *target, const NnetOutputTraining *training)
{
	bool is_label = nnet_type_is_label(target->type);
	int n;

	/* elements of a literal are texts by then */
	target->labels =
		nnet_labels_make(target->each && target->type == UNKNOWNOID ? TEXTOID : target->type,
						 training, target->context);
	n = nnet_labels_count(target->labels);
	if (target->reading != READS_LABELS || !target->learn)
		return;
	if (target->sequence && n == 0)
		nnet_labels_add(target->labels, BLANK);
	/* numbers and booleans are other types than labels were learned from: no new ones from them */
	target->learning = target->knows == NNET_KNOWS_NOTHING ||
		(target->knows == NNET_KNOWS_LEARNED && is_label && n < target->classes);
	if (target->learning && known_ahead(target))
	{
		/* all there can be: known at once, though not every row may show both */
		nnet_labels_add(target->labels, "false");
		nnet_labels_add(target->labels, "true");
	}
}

/* An array may have a class for each row; numbers are that where rows have no more than one. */
static void
find_elements(NnetTarget *target)
{
	const NNObjective *objective = &target->objective;
	Oid element = get_element_type(target->type);
	Oid base = OidIsValid(element) ? getBaseType(element) : InvalidOid;

	if (target->type == UNKNOWNOID)
		element = base = TEXTOID;
	target->each = OidIsValid(base) &&
		(nnet_type_is_label(base) ||
		 (nnet_type_is_number(base) &&
		  (objective->target == NN_TARGET_INDEX || objective->width == 1)));
	if (!target->each)
		return;
	if (target->type != UNKNOWNOID)
		target->type = base;
	get_typlenbyvalalign(element, &target->length, &target->by_value, &target->align);
}

NnetTarget *
nnet_target_make(Oid type, const char *what, const NnetModel *model, int output, bool learn,
				 MemoryContext context)
{
	const NnetOutputTraining *training = &model->training.outputs[output];
	NnetTarget *target = MemoryContextAllocZero(context, sizeof(NnetTarget));
	MemoryContext old = MemoryContextSwitchTo(context);

	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_INDETERMINATE_DATATYPE),
				 errmsg("could not determine the type of %s", what)));
	target->context = context;
	target->model = pstrdup(model->name);
	target->what = pstrdup(what);
	target->output = output;
	target->objective = model->objectives.of[output];
	target->type = getBaseType(type);
	target->classes = nn_objective_classes(&target->objective);
	target->steps = target->classes > 0 && nn_objective_labels(&target->objective) == 0;
	target->sequence = nn_objective_sequence(&target->objective);
	if (target->steps)
		find_elements(target);
	target->knows = nnet_output_knows(training);
	target->learn = learn;
	target->scalar = nnet_type_is_number(target->type) || target->type == UNKNOWNOID;
	target->reading = choose_reading(target);

	if ((target->classes == 0 || (target->steps && !target->each)) &&
		nnet_type_is_label(target->type) && target->type != UNKNOWNOID)
		refuse_label_type(target);
	if (target->classes > 0)
		init_labels(target, training);
	if (target->reading == READS_NUMBERS || target->reading == READS_LITERALS)
	{
		check_readable(target);
		target->reader = nnet_reader_make(type, what, model->name, context);
	}
	MemoryContextSwitchTo(old);
	return target;
}

void
nnet_target_measure(NnetTarget *target, const NNOutputFormat *format)
{
	if (target->reader != NULL && format->target == NN_TARGET_REALS)
		nnet_reader_measure(target->reader, nnet_rounding_make(format->count, target->context));
}

NnetReader *
nnet_target_reader(const NnetTarget *target)
{
	return target->reader;
}

/* ---- labels ---- */

/* How to go on with a label, or a number, that the model does not have. */
static int
hint_labels(const NnetTarget *target)
{
	int free_outputs = target->classes - nnet_labels_count(target->labels);

	if (target->knows == NNET_KNOWS_BOOLEANS)
		return errhint("It was trained on booleans: give y as boolean, or as 0 and 1.");
	if (!nnet_type_is_label(target->type))
		return errhint("Beside labels a number is no class: give y as a label; nnet.labels() tells "
					   "that of each class.");
	if (free_outputs > 0 && target->knows == NNET_KNOWS_GIVEN)
		return errhint(
			"Its last layer has room for %d more: add the label at the end of those that "
			"nnet.compile() is given.",
			free_outputs);
	if (free_outputs > 0)
		return errhint("Its last layer has room for %d more: nnet.fit() can learn the label, and "
					   "nnet.compile() takes the labels of all.",
					   free_outputs);
	return errhint("Each unit of its last layer has a label: for more, make a model with more "
				   "units, and give nnet.compile() the labels of all.");
}

static int
least_class(const NnetTarget *target)
{
	return target->sequence ? 1 : 0;
}

pg_noreturn static void
refuse_label(const NnetTarget *target, const char *label)
{
	const NnetLabels *labels = target->labels;

	if (target->knows == NNET_KNOWS_NOTHING && target->learning)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s has more than %d different labels, but model \"%s\" has %d classes",
					target->what, target->classes, target->model, target->classes),
			 errdetail("Labels so far: %s; now \"%s\".", nnet_labels_list(labels, 0), label),
			 target->sequence
				 ? errhint("Give the last layer one unit for each label, and one for the blank.")
				 : errhint("Give the last layer one unit for each label.")));
	if (target->knows == NNET_KNOWS_NOTHING)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has no labels, but %s is \"%s\"", target->model, target->what,
						label),
				 errhint("Train it with labels by nnet.fit() first, give them to nnet.compile(), "
						 "or give y as class numbers from %d to %d.",
						 least_class(target), target->classes - 1)));
	if (target->knows == NNET_KNOWS_NUMBERS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" was trained on numbers of classes, but %s is \"%s\"",
						target->model, target->what, label),
				 errhint("Give y as class numbers from %d to %d, or give nnet.compile() the labels "
						 "of all classes in the order of their numbers.",
						 least_class(target), target->classes - 1)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\" has no label \"%s\"", target->model, label),
			 errdetail("Its labels are %s.", nnet_labels_list(labels, 0)), hint_labels(target)));
}

static int
label_class(NnetTarget *target, const char *label)
{
	int class = nnet_labels_find(target->labels, label);

	if (class >= 0 && class < target->classes)
		return class;
	if (!target->learning || nnet_labels_count(target->labels) >= target->classes)
		refuse_label(target, label);
	return nnet_labels_add(target->labels, label);
}

/* The class whose number the text is. */
static int
text_class(const NnetTarget *target, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	bool canonical = digits > 0 && text[digits] == '\0' && (digits == 1 || text[0] != '0');

	/* several probabilities a row have no class */
	if (!canonical || digits > 9 || atoi(text) >= target->classes ||
		(target->objective.meaning == NN_MEANS_PROBABILITY && target->objective.width > 1))
		refuse_label(target, text);
	return atoi(text);
}

/* ---- what is learned of classes ---- */

bool
nnet_target_learning(const NnetTarget *target)
{
	/* the classes of booleans are final from the start */
	return target->learning && !known_ahead(target);
}

NnetLabels *
nnet_target_final_labels(const NnetTarget *target)
{
	return nnet_target_learning(target) ? NULL : target->labels;
}

void
nnet_target_each(const NnetTarget *target, NnetSeen each, void *arg)
{
	if (!target->learning)
		return;
	for (int i = nnet_labels_known(target->labels); i < nnet_labels_count(target->labels); i++)
	{
		const char *label = nnet_labels_name(target->labels, i);

		each(arg, label, (int) strlen(label), 1);
	}
}

const char *
nnet_target_learns_type(const NnetTarget *target)
{
	if (target->knows == NNET_KNOWS_NOTHING && target->classes > 0 && target->numbers)
		return NNET_NUMBERS_TYPE;
	if (!target->learning)
		return NULL;
	return target->type == BOOLOID ? NNET_BOOLEANS_TYPE : format_type_be(target->type);
}

void
nnet_target_add_label(NnetTarget *target, const char *label)
{
	(void) label_class(target, label);
}

bool
nnet_target_learned(NnetTarget *target, NnetModel *model)
{
	NnetOutputTraining *training = &model->training.outputs[target->output];
	MemoryContext old;
	int *order;
	bool moved;
	int n;

	if (target->classes > 0 && target->numbers && target->knows == NNET_KNOWS_NOTHING)
		training->label_type = MemoryContextStrdup(model->context, NNET_NUMBERS_TYPE);
	if (!target->learning)
		return false;
	n = nnet_labels_count(target->labels);
	if (target->objective.width == 1 && n < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has only the label \"%s\", but model \"%s\" needs two to learn",
						target->what, nnet_labels_name(target->labels, 0), target->model),
				 errhint("Give rows of both, or give both labels to nnet.compile().")));
	nnet_labels_tell_new(target->labels, target->model);
	order = MemoryContextAllocHuge(target->context, sizeof(int) * n);
	target->final = MemoryContextAllocHuge(target->context, sizeof(int) * n);
	moved = nnet_labels_sort(target->labels, order);
	old = MemoryContextSwitchTo(model->context);
	training->labels = MemoryContextAllocHuge(model->context, sizeof(char *) * n);
	for (int i = 0; i < n; i++)
	{
		target->final[order[i]] = i;
		training->labels[i] = pstrdup(nnet_labels_name(target->labels, order[i]));
	}
	training->n_labels = n;
	if (target->knows == NNET_KNOWS_NOTHING)
		training->label_type =
			pstrdup(target->type == BOOLOID ? NNET_BOOLEANS_TYPE : format_type_be(target->type));
	MemoryContextSwitchTo(old);
	target->learning = false;
	return moved;
}

void
nnet_target_remap(const NnetTarget *target, void *targets, size_t n)
{
	int32 *indexes = targets;
	float *reals = targets;
	int width = target->objective.width;

	if (target->objective.target == NN_TARGET_INDEX)
		for (size_t i = 0; i < n; i++)
			indexes[i] = target->final[indexes[i]];
	else if (width == 1)
		for (size_t i = 0; i < n; i++)
			reals[i] = (float) target->final[(int) reals[i]];
	else
		for (size_t at = 0; at < n; at += (size_t) width)
		{
			int class = 0;

			while (reals[at + class] == 0)
				class ++;
			reals[at + class] = 0;
			reals[at + target->final[class]] = 1;
		}
}

/* ---- classes that only rows held back have ---- */

void
nnet_target_watch(NnetTarget *target)
{
	if (target->classes > 0)
		target->held = nnet_held_back_make(target->classes, target->context);
}

void
nnet_target_set_validation(NnetTarget *target, bool validation)
{
	nnet_held_back_set_validation(target->held, validation);
}

void
nnet_target_held_back(const NnetTarget *target, uint64 n_training)
{
	nnet_held_back_tell(target->held, n_training, target->labels, !target->steps, target->model);
}

/* ---- writing ---- */

/* Of a row of the output. */
static void
write_class(NnetTarget *target, int class, size_t row, void *out)
{
	const NNObjective *objective = &target->objective;
	float *reals = (float *) out + row * (size_t) objective->width;

	nnet_held_back_note(target->held, class);
	if (objective->target == NN_TARGET_INDEX)
		((int32 *) out)[row] = class;
	else if (objective->width == 1)
		reals[0] = (float) class;
	else
	{
		memset(reals, 0, objective->width * sizeof(float));
		reals[class] = 1;
	}
}

static int
hint_classes(const NnetTarget *target, float value, int classes)
{
	const char *or_labels = target->knows != NNET_KNOWS_NOTHING ? ""
		: target->steps											? ", or give labels: y::text[]"
																: ", or give labels: y::text";

	if (target->knows == NNET_KNOWS_BOOLEANS)
		return errhint("It was trained on booleans, which count as 0 and 1.");
	if (value != floorf(value))
		return errhint("For numbers that are no classes compile the model with another loss, "
					   "such as mean_squared_error.");
	if (target->sequence)
		return errhint("The last layer needs one unit for each class, and one for the blank, which "
					   "is class 0%s.",
					   or_labels);
	if (value == (float) classes)
		return errhint("Classes count from 0: where y counts from 1, give y - 1%s.", or_labels);
	return errhint("Number the classes from 0, one for each unit of the last layer%s.", or_labels);
}

/* The class that a number names, or the one that is ignored. */
static int
number_class(const NnetTarget *target, float value)
{
	int classes = target->knows == NNET_KNOWS_BOOLEANS ? 2 : target->classes;
	int ignored;

	if (nn_objective_ignores(&target->objective, &ignored) && value == (float) ignored)
		return ignored;
	if (value >= 0 && value < (float) classes && value == floorf(value))
		return (int) value;
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%.9g is not a class of model \"%s\"", value, target->model),
			 errdetail("Its classes are the whole numbers from %d to %d.", least_class(target),
					   classes - 1),
			 hint_classes(target, value, classes)));
}

pg_noreturn static void
refuse_fault(const NnetTarget *target, const NNTargetFault *fault)
{
	const NNObjective *objective = &target->objective;
	const char *taker = nn_targets_taker(objective);
	bool or_labels =
		target->classes > 0 && objective->width == 1 && target->knows == NNET_KNOWS_NOTHING;

	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 fault->is_sum
				 ? errmsg("%s for model \"%s\" has values whose sum is %.9g, which %s cannot take",
						  target->what, target->model, fault->value, taker)
				 : errmsg("%s for model \"%s\" has %.9g, which %s cannot take", target->what,
						  target->model, fault->value, taker),
			 errdetail("It takes %s.", nn_targets_text(objective)),
			 errhint("%s%s.", nn_targets_remedy(objective),
					 !or_labels			 ? ""
						 : target->steps ? "; for two classes, give labels: y::text[]"
										 : "; for two classes, give labels: y::text")));
}

/* Keras reads 0 as -1 where there are only 0 and 1: both at once mean nothing. */
static void
check_sides(NnetTarget *target, const float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		target->zero |= values[i] == 0;
		target->minus |= values[i] == -1;
	}
	if (target->zero && target->minus)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s for model \"%s\" has both 0 and -1, which are the same to %s",
						target->what, target->model, nn_loss_name(&target->objective.loss)),
				 errhint("Give the two classes as -1 and 1, or as 0 and 1.")));
}

static void
write_numbers(NnetTarget *target, const float *values, size_t n, void *out)
{
	const NNObjective *objective = &target->objective;
	NNTargetFault fault;

	if (objective->target == NN_TARGET_INDEX)
	{
		for (size_t i = 0; i < n; i++)
		{
			((int32 *) out)[i] = number_class(target, values[i]);
			nnet_held_back_note(target->held, ((int32 *) out)[i]);
		}
		return;
	}
	if (!nn_targets_meant(objective, values, n, &fault))
		refuse_fault(target, &fault);
	if (objective->meaning == NN_MEANS_SIDE)
		check_sides(target, values, n);
	for (size_t i = 0; target->held != NULL && i < n; i++)
		if (objective->width == 1)
			nnet_held_back_note(target->held, values[i] > 0.5f);
		else if (values[i] == 1)
			nnet_held_back_note(target->held, (int) (i % (size_t) objective->width));
	memcpy(out, values, n * sizeof(float));
}

/* A number in an array of one is a number all the same. */
static void
refuse_beside_labels(const NnetTarget *target, float value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\" has labels, but %s is the number %.9g", target->model,
					target->what, value),
			 errdetail("Its labels are %s.", nnet_labels_list(target->labels, 0)),
			 hint_labels(target)));
}

/* Whether so many numbers are classes, and not shares or probabilities of each. */
static bool
are_classes(const NnetTarget *target, size_t count)
{
	const NNObjective *objective = &target->objective;

	return count == 1 ||
		(target->steps && (objective->target == NN_TARGET_INDEX || objective->width == 1));
}

static int
hint_count(const NnetTarget *target)
{
	const NNObjective *objective = &target->objective;

	if (target->objective.target_variable || !target->scalar)
		return 0;
	if (objective->meaning == NN_MEANS_PROBABILITY)
		return errhint("Each output has a probability of its own. Where y is a class, compile the "
					   "model with sparse_categorical_crossentropy.");
	if (objective->target == NN_TARGET_INDEX && objective->target_count > 1)
		return errhint(ONE_CLASS_A_ROW);
	return objective->target == NN_TARGET_INDEX || one_hot(target)
		? 0
		: errhint("Where y is a class, compile the model with sparse_categorical_crossentropy.");
}

pg_noreturn static void
refuse_count(const NnetTarget *target, const NNRecordHead *head, size_t expected, size_t count)
{
	const NNObjective *objective = &target->objective;

	ereport(
		ERROR,
		(errcode(ERRCODE_DATA_EXCEPTION),
		 errmsg_plural("model \"%s\" expects %s to have %zu value, not %zu",
					   "model \"%s\" expects %s to have %zu values, not %zu", expected,
					   target->model, target->what, expected, count),
		 objective->target_variable
			 ? errdetail("The output for x of %d steps has %d steps; values of y for each: %zu.",
						 head->steps.of[0], head->target_steps[target->output],
						 objective->target_count)
			 : objective->target == NN_TARGET_INDEX && expected == 1
			 ? errhint("The loss takes the number of the class; "
					   "for one value a class, compile with categorical_crossentropy.")
			 : errdetail("%s must have one value for each output.", target->what),
		 hint_count(target)));
}

/* Values, or indexes, of the record at hand. */
static size_t
expected_values(const NnetTarget *target, const NNRecordHead *head)
{
	return target->objective.target_count *
		(target->objective.target_variable ? (size_t) head->target_steps[target->output] : 1);
}

static void
write_read(NnetTarget *target, Datum y, const NNRecordHead *head, void *out)
{
	size_t expected = expected_values(target, head);
	size_t count;
	const float *values = nnet_reader_reals(target->reader, y, &count);

	target->numbers = true;
	if (target->classes > 0 && has_labels(target) && count > 0 && are_classes(target, count))
		refuse_beside_labels(target, values[0]);
	if (count == 1 && target->scalar && expected > 1 && one_hot(target))
		write_class(target, number_class(target, values[0]), 0, out);
	else if (count == expected)
		write_numbers(target, values, count, out);
	else
		refuse_count(target, head, expected, count);
}

/*
 * A literal is a label if the model has it; one number is none beside labels.  Where
 * each step has a class, it is an array of labels, or of numbers if there are none.
 */
static bool
literal_is_label(NnetTarget *target, const char *text)
{
	if (target->each)
		return has_labels(target) || !nnet_literal_array_is_numbers(text);
	if (nnet_labels_find(target->labels, text) >= 0 || !nnet_literal_is_numbers(text))
		return true;
	return has_labels(target) && text[strspn(text, " ")] != '{';
}

static int
named_class(NnetTarget *target, Datum value)
{
	const char *text = nnet_labels_text(target->labels, value);

	return target->reading == READS_TEXTS ? text_class(target, text) : label_class(target, text);
}

/* Labels, or classes as texts. */
typedef struct Elements
{
	int n;
	Datum *values;
	bool *nulls;
} Elements;

static Elements
take_elements(const NnetTarget *target, Datum y)
{
	ArrayType *array = DatumGetArrayTypeP(y);
	Elements elements;

	deconstruct_array(array, ARR_ELEMTYPE(array), target->length, target->by_value, target->align,
					  &elements.values, &elements.nulls, &elements.n);
	return elements;
}

static int
element_class(NnetTarget *target, const Elements *elements, int i)
{
	nnet_check_interrupts();
	if (elements->nulls[i])
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s for model \"%s\" has a NULL at position %d", target->what,
						target->model, i + 1),
				 errhint("Leave such rows out, or give a label in its place.")));
	return named_class(target, elements->values[i]);
}

/* One for each row of the output. */
static void
write_each(NnetTarget *target, Datum y, const NNRecordHead *head, void *out)
{
	const NNObjective *objective = &target->objective;
	size_t rows = expected_values(target, head) /
		(objective->target == NN_TARGET_INDEX ? 1 : (size_t) objective->width);
	Elements elements = take_elements(target, y);

	if ((size_t) elements.n != rows)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg_plural("model \"%s\" expects %s to have %zu label, not %d",
							   "model \"%s\" expects %s to have %zu labels, not %d", rows,
							   target->model, target->what, rows, elements.n),
				 errdetail("An array must have one for each step of the output.")));
	for (int i = 0; i < elements.n; i++)
		write_class(target, element_class(target, &elements, i), i, out);
}

/* ---- sequences ---- */

/* The classes that y names in its order, *n of them. */
static int32 *
read_sequence(NnetTarget *target, Datum y, bool labels, size_t *n)
{
	const float *numbers = NULL;
	Elements elements = {0};
	int32 *classes;

	if (labels)
	{
		elements = take_elements(target, y);
		*n = (size_t) elements.n;
	}
	else
	{
		numbers = nnet_reader_reals(target->reader, y, n);
		target->numbers = true;
		if (has_labels(target) && *n > 0)
			refuse_beside_labels(target, numbers[0]);
	}
	classes = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(int32) * Max(*n, 1));
	for (size_t i = 0; i < *n; i++)
		classes[i] =
			labels ? element_class(target, &elements, (int) i) : number_class(target, numbers[i]);
	return classes;
}

static void
write_sequence(NnetTarget *target, Datum y, bool labels, const NNRecordHead *head, int32 *out)
{
	size_t steps = expected_values(target, head);
	const char *blank =
		nnet_labels_count(target->labels) > 0 ? nnet_labels_name(target->labels, 0) : NULL;
	size_t n;
	int32 *classes = read_sequence(target, y, labels, &n);

	n = nnet_sequence_length(classes, n, steps, blank, target->what, target->model);
	memset(out, 0, steps * sizeof(int32));
	for (size_t i = 0; i < n; i++)
		write_class(target, classes[i], i, out);
	pfree(classes);
}

void
nnet_target_write(NnetTarget *target, Datum y, const NNRecordHead *head, void *out)
{
	bool label = target->reading == READS_LABELS || target->reading == READS_TEXTS ||
		(target->reading == READS_LITERALS && literal_is_label(target, DatumGetCString(y)));

	if (label && target->each && target->reading == READS_LITERALS)
		y = PointerGetDatum(nnet_literal_array(DatumGetCString(y)));
	if (target->sequence)
		write_sequence(target, y, label, head, out);
	else if (!label)
		write_read(target, y, head, out);
	else if (target->each)
		write_each(target, y, head, out);
	else
		write_class(target, named_class(target, y), 0, out);
	nnet_held_back_end_row(target->held);
}
