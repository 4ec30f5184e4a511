/*
 * target.c
 *	  y to what the loss wants: class indexes or reals.
 *
 * What a value of y means follows from its type and from the loss:
 *	 strings, enums		labels; classification only
 *	 boolean			the labels false and true where the loss classifies, else 0 and 1
 *	 one number			the class of a classification, else the value of one output
 *	 array, row, bytea	one value for each output (or one class for each of its rows)
 *
 * Labels have the order of the C collation.  At the first fit they are not
 * known before the last row, so records get provisional classes in the order
 * in which labels appear; nnet_target_learned sorts, and the records are then
 * remapped.
 */
#include "pg/data/data.h"

#include <math.h>

#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#define HINT_LABELS 10 /* labels named in a hint */

/* What the loss wants. */
typedef enum Wanted
{
	WANTED_INDEXES, /* classes as int32 */
	WANTED_ONE_HOT, /* one real a class */
	WANTED_BINARY,	/* one real, 0 to 1 */
	WANTED_REALS
} Wanted;

typedef struct LabelEntry
{
	const char *label;
	uint32 hash;
	char status;
	int class;
} LabelEntry;

#define SH_PREFIX labels
#define SH_ELEMENT_TYPE LabelEntry
#define SH_KEY_TYPE const char *
#define SH_KEY label
#define SH_HASH_KEY(tb, key) hash_bytes((const unsigned char *) (key), strlen(key))
#define SH_EQUAL(tb, a, b) (strcmp(a, b) == 0)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct NnetTarget
{
	MemoryContext context;
	char *model;
	Wanted wanted;
	size_t count;	 /* values a sample, or a step */
	bool variable;	 /* count is a step's */
	int classes;	 /* of all but WANTED_REALS */
	bool unit_range; /* values must be 0 to 1 */

	/* y as numbers */
	NnetReader *reader; /* NULL if y is only ever a label */
	bool scalar;		/* its type is one number */

	/* y as labels */
	bool labels;
	bool literal; /* of unknown type: label or numbers, as it looks */
	bool learning;
	Oid type;
	FmgrInfo output;
	bool output_known;
	labels_hash *hash;
	int n_labels;
	const char **names;	 /* by class, provisional while learning */
	int *final;			 /* provisional class to final */
	StringInfoData text; /* the label at hand */
};

/* ---- setting up ---- */

static Wanted
wanted_by(const NNObjective *objective)
{
	switch (objective->meaning)
	{
		case NN_MEANS_CLASS:
			return WANTED_INDEXES;
		case NN_MEANS_PROBABILITY:
			return objective->target_count == 1 ? WANTED_BINARY : WANTED_ONE_HOT;
		case NN_MEANS_DISTRIBUTION:
			return nn_objective_labels(objective) > 0 ? WANTED_ONE_HOT : WANTED_REALS;
		default:
			return WANTED_REALS;
	}
}

static bool
takes_labels(const NnetTarget *target)
{
	return !target->variable && target->wanted != WANTED_REALS &&
		(target->wanted != WANTED_INDEXES || target->count == 1);
}

static int
add_label(NnetTarget *target, const char *label)
{
	bool found;
	MemoryContext old = MemoryContextSwitchTo(target->context);
	char *copy = pstrdup(label);
	LabelEntry *entry = labels_insert(target->hash, copy, &found);

	if (!found)
	{
		if (target->names == NULL)
			target->names = palloc(sizeof(char *) * 16);
		else if (target->n_labels >= 16 && (target->n_labels & (target->n_labels - 1)) == 0)
			target->names =
				repalloc_huge(target->names, sizeof(char *) * 2 * (Size) target->n_labels);
		entry->class = target->n_labels;
		target->names[target->n_labels++] = copy;
	}
	MemoryContextSwitchTo(old);
	return entry->class;
}

static void
init_labels(NnetTarget *target, const NnetModel *model, bool learn)
{
	const NnetTraining *training = &model->training;

	target->hash = labels_create(target->context, 64, NULL);
	initStringInfo(&target->text);
	for (int i = 0; i < training->n_labels; i++)
		add_label(target, training->labels[i]);
	if (training->n_labels == 0 && learn)
	{
		target->learning = true;
		if (target->type == BOOLOID)
		{
			/* all there can be: known at once, though not every row may show both */
			add_label(target, "false");
			add_label(target, "true");
		}
	}
}

static void
refuse_label_type(const NnetTarget *target, const NNObjective *objective)
{
	if (target->wanted == WANTED_REALS)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("y has type %s, but the loss %s of model \"%s\" needs numbers",
						format_type_be(target->type), nn_loss_name(objective->loss), target->model),
				 errhint("For labels, compile the model with sparse_categorical_crossentropy "
						 "(or binary_crossentropy for a single output).")));
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("y has type %s, but model \"%s\" has more than one class a row",
					format_type_be(target->type), target->model),
			 errhint("Give y as an array of numbers.")));
}

NnetTarget *
nnet_target_make(Oid type, const NnetModel *model, bool learn, MemoryContext context)
{
	NnetTarget *target = MemoryContextAllocZero(context, sizeof(NnetTarget));
	const NNObjective *objective = &model->objective;
	bool is_label;
	MemoryContext old = MemoryContextSwitchTo(context);

	if (!OidIsValid(type))
		ereport(
			ERROR,
			(errcode(ERRCODE_INDETERMINATE_DATATYPE), errmsg("could not determine the type of y")));
	target->context = context;
	target->model = pstrdup(model->name);
	target->type = getBaseType(type);
	target->wanted = wanted_by(objective);
	target->count = objective->target_count;
	target->variable = objective->target_variable;
	target->classes = target->wanted == WANTED_INDEXES ? objective->classes
		: target->wanted == WANTED_BINARY			   ? 2
													   : (int) target->count;
	target->unit_range = objective->meaning == NN_MEANS_PROBABILITY;

	is_label = nnet_type_is_label(target->type);
	target->literal = target->type == UNKNOWNOID;
	target->labels = takes_labels(target) && (is_label || target->type == BOOLOID);
	if (is_label && !takes_labels(target) && !target->literal)
		refuse_label_type(target, objective);
	if (target->labels)
		init_labels(target, model, learn && !target->literal);
	if (!target->labels || target->literal)
		target->reader = nnet_reader_make(type, "y", model->name, context);
	target->scalar = target->type == INT2OID || target->type == INT4OID ||
		target->type == INT8OID || target->type == FLOAT4OID || target->type == FLOAT8OID ||
		target->type == NUMERICOID || target->literal;
	MemoryContextSwitchTo(old);
	return target;
}

NnetReader *
nnet_target_reader(const NnetTarget *target)
{
	return target->reader;
}

/* ---- labels ---- */

/* The text of a label; valid until the next. */
static const char *
label_text(NnetTarget *target, Datum y)
{
	StringInfo text = &target->text;

	resetStringInfo(text);
	switch (target->type)
	{
		case BOOLOID:
			return DatumGetBool(y) ? "true" : "false";
		case UNKNOWNOID:
			return DatumGetCString(y);
		case NAMEOID:
			return NameStr(*DatumGetName(y));
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		{
			struct varlena *value = PG_DETOAST_DATUM_PACKED(y);
			int length = VARSIZE_ANY_EXHDR(value);

			if (target->type == BPCHAROID)
				length = bpchartruelen(VARDATA_ANY(value), length);
			appendBinaryStringInfo(text, VARDATA_ANY(value), length);
			if ((Pointer) value != DatumGetPointer(y))
				pfree(value);
			return text->data;
		}
		default:
			break;
	}
	if (!target->output_known)
	{
		Oid function;
		bool varlena;

		getTypeOutputInfo(target->type, &function, &varlena);
		fmgr_info_cxt(function, &target->output, target->context);
		target->output_known = true;
	}
	return OutputFunctionCall(&target->output, y);
}

/* "a", "b", ... for a hint. */
static char *
labels_list(const NnetTarget *target)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < target->n_labels && i < HINT_LABELS; i++)
		appendStringInfo(&list, "%s\"%s\"", i ? ", " : "", target->names[i]);
	if (target->n_labels > HINT_LABELS)
		appendStringInfo(&list, " and %d more", target->n_labels - HINT_LABELS);
	return list.data;
}

static void
refuse_label(const NnetTarget *target, const char *label)
{
	if (target->learning)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("y has more than %d different labels, but model \"%s\" has %d classes",
						target->classes, target->model, target->classes),
				 errdetail("Labels so far: %s; now \"%s\".", labels_list(target), label),
				 errhint("Give the last layer one unit for each label.")));
	if (target->n_labels == 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\" has learned no labels, but y is \"%s\"", target->model, label),
			 errhint("Train it with labels by nnet.fit() first, or give y as class numbers from 0 "
					 "to %d.",
					 target->classes - 1)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\" has not learned the label \"%s\"", target->model, label),
			 errhint("Its labels are %s.", labels_list(target))));
}

static int
label_class(NnetTarget *target, const char *label)
{
	LabelEntry *entry = labels_lookup(target->hash, label);

	if (entry != NULL && entry->class < target->classes)
		return entry->class;
	if (!target->learning || target->n_labels >= target->classes)
		refuse_label(target, label);
	return add_label(target, label);
}

bool
nnet_target_learning(const NnetTarget *target)
{
	/* the classes of booleans are final from the start */
	return target->learning && target->type != BOOLOID;
}

static int
compare_names(const void *a, const void *b, void *names)
{
	return strcmp(((const char **) names)[*(const int *) a],
				  ((const char **) names)[*(const int *) b]);
}

bool
nnet_target_learned(NnetTarget *target, NnetModel *model)
{
	NnetTraining *training = &model->training;
	int n = target->n_labels;
	int *order;
	bool moved = false;

	if (!target->learning)
		return false;
	if (target->wanted == WANTED_BINARY && n < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("y has only the label \"%s\", but model \"%s\" needs two to learn",
						target->names[0], target->model),
				 errhint("Give rows of both.")));
	order = MemoryContextAllocHuge(target->context, sizeof(int) * n);
	target->final = MemoryContextAllocHuge(target->context, sizeof(int) * n);
	for (int i = 0; i < n; i++)
		order[i] = i;
	qsort_arg(order, n, sizeof(int), compare_names, target->names);
	training->labels = MemoryContextAllocHuge(model->context, sizeof(char *) * n);
	for (int i = 0; i < n; i++)
	{
		target->final[order[i]] = i;
		moved |= order[i] != i;
		training->labels[i] = MemoryContextStrdup(model->context, target->names[order[i]]);
	}
	training->n_labels = n;
	training->label_type = MemoryContextStrdup(
		model->context, target->type == BOOLOID ? "boolean" : format_type_be(target->type));
	target->learning = false;
	return moved;
}

void
nnet_target_remap(const NnetTarget *target, void *targets)
{
	float *reals = targets;
	int i = 0;

	switch (target->wanted)
	{
		case WANTED_INDEXES:
			*(int32 *) targets = target->final[*(int32 *) targets];
			break;
		case WANTED_BINARY:
			reals[0] = target->final[(int) reals[0]];
			break;
		default:
			while (reals[i] == 0)
				i++;
			reals[i] = 0;
			reals[target->final[i]] = 1;
	}
}

/* ---- writing ---- */

static void
write_class(const NnetTarget *target, int class, void *out)
{
	switch (target->wanted)
	{
		case WANTED_INDEXES:
			*(int32 *) out = class;
			break;
		case WANTED_BINARY:
			*(float *) out = class;
			break;
		default:
			memset(out, 0, target->count * sizeof(float));
			((float *) out)[class] = 1;
	}
}

static int
hint_classes(const NnetTarget *target, float value)
{
	const char *or_labels = takes_labels(target) ? ", or give labels: y::text" : "";

	if (value != floorf(value))
		return errhint("For numbers that are no classes compile the model with another loss, "
					   "such as mean_squared_error.");
	if (value == target->classes)
		return errhint("Classes count from 0: where y counts from 1, give y - 1%s.", or_labels);
	return errhint("Number the classes from 0, one for each unit of the last layer%s.", or_labels);
}

/* The class that a number names. */
static int
number_class(const NnetTarget *target, float value)
{
	if (value >= 0 && value < target->classes && value == floorf(value))
		return (int) value;
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%.9g is not a class of model \"%s\"", value, target->model),
			 errdetail("Its classes are the whole numbers from 0 to %d.", target->classes - 1),
			 hint_classes(target, value)));
}

static void
write_numbers(NnetTarget *target, const float *values, size_t n, void *out)
{
	for (size_t i = 0; i < n; i++)
	{
		if (target->wanted == WANTED_INDEXES)
			((int32 *) out)[i] = number_class(target, values[i]);
		else if (target->unit_range && !(values[i] >= 0 && values[i] <= 1))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("y for model \"%s\" has %.9g, which binary_crossentropy cannot take",
							target->model, values[i]),
					 errdetail("It takes values from 0 to 1."),
					 errhint("For other numbers compile the model with mean_squared_error%s.",
							 takes_labels(target) && target->wanted == WANTED_BINARY
								 ? "; for two classes, give labels: y::text"
								 : "")));
		else
			((float *) out)[i] = values[i];
	}
}

/* Whether a literal of unknown type is meant as numbers. */
static bool
looks_like_numbers(const char *text)
{
	char *end;

	text += strspn(text, " ");
	if (*text == '{')
		return true;
	strtod(text, &end);
	return end != text && end[strspn(end, " ")] == '\0';
}

void
nnet_target_write(NnetTarget *target, Datum y, NNRecordHead head, void *out)
{
	size_t expected = target->count * (target->variable ? (size_t) head.target_steps : 1);
	const float *values;
	size_t count;

	if (target->labels && !(target->literal && looks_like_numbers(DatumGetCString(y))))
	{
		write_class(target, label_class(target, label_text(target, y)), out);
		return;
	}
	values = nnet_reader_reals(target->reader, y, &count);
	if (count == 1 && target->scalar && expected > 1 && target->wanted == WANTED_ONE_HOT &&
		!target->variable)
		write_class(target, number_class(target, values[0]), out);
	else if (count == expected)
		write_numbers(target, values, count, out);
	else
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg_plural("model \"%s\" expects y to have %zu value, not %zu",
							   "model \"%s\" expects y to have %zu values, not %zu", expected,
							   target->model, expected, count),
				 target->variable
					 ? errdetail(
						   "The output for x of %d steps has %d steps; values of y for each: %zu.",
						   head.steps, head.target_steps, target->count)
					 : target->wanted == WANTED_INDEXES && expected == 1
					 ? errhint("The loss takes the number of the class; "
							   "for one value a class, compile with categorical_crossentropy.")
					 : errdetail("y must have one value for each output."),
				 target->wanted == WANTED_REALS && target->scalar && !target->variable
					 ? errhint("Where y is a class, compile the model with "
							   "sparse_categorical_crossentropy.")
					 : 0));
}
