/*
 * evaluation.c
 *	  What an evaluation says, as HTML: numbers as a table, a confusion matrix, the
 *	  importances of features as bars, and lists of objects as tables.
 *
 * The value is any jsonb: what is not of a form that is known is written as JSON.
 */
#include "pg/report/markup.h"

#include <math.h>

#include "utils/builtins.h"

#define MOST_CLASSES 200
#define MOST_PAIRS 200000 /* of labels, that are looked through for a matrix */
#define MOST_FEATURES 60
#define MOST_ROWS 1000

/* ---- values ---- */

static void
append_value(StringInfo page, const NNValue *value)
{
	switch (value->type)
	{
		case NN_V_NUMBER:
			nnet_markup_number(page, value->number);
			break;
		case NN_V_STRING:
			nnet_markup_text(page, value->string);
			break;
		case NN_V_NULL:
			appendStringInfoString(page, "&#8211;");
			break;
		default:
			nnet_markup_text(page, nnet_value_to_text(value));
	}
}

static void
append_cell(StringInfo page, const NNValue *value)
{
	appendStringInfoString(
		page, value == NULL || value->type == NN_V_NUMBER ? "<td class=\"number\">" : "<td>");
	if (value != NULL)
		append_value(page, value);
	appendStringInfoString(page, "</td>");
}

/* 'confusion_matrix' as a heading. */
static void
append_heading(StringInfo page, const char *key)
{
	char *text = pstrdup(key);

	for (char *at = text; *at != '\0'; at++)
		if (*at == '_')
			*at = ' ';
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] -= 'a' - 'A';
	appendStringInfoString(page, "<h2>");
	nnet_markup_text(page, text);
	appendStringInfoString(page, "</h2>\n");
}

/* ---- lists of objects ---- */

static bool
is_list_of_objects(const NNValue *value)
{
	if (value->type != NN_V_ARRAY || value->count == 0)
		return false;
	for (int i = 0; i < value->count; i++)
		if (value->items[i].type != NN_V_OBJECT || value->items[i].count == 0)
			return false;
	return true;
}

/* By the keys of the first. */
static void
append_table(StringInfo page, const NNValue *list)
{
	const NNValue *first = &list->items[0];

	appendStringInfoString(page, "<div class=\"wide\"><table><thead><tr>");
	for (int k = 0; k < first->count; k++)
	{
		appendStringInfoString(
			page, first->items[k].type == NN_V_NUMBER ? "<th class=\"number\">" : "<th>");
		nnet_markup_text(page, first->keys[k]);
		appendStringInfoString(page, "</th>");
	}
	appendStringInfoString(page, "</tr></thead><tbody>\n");
	for (int i = 0; i < Min(list->count, MOST_ROWS); i++)
	{
		appendStringInfoString(page, "<tr>");
		for (int k = 0; k < first->count; k++)
			append_cell(page, nn_value_get(&list->items[i], first->keys[k]));
		appendStringInfoString(page, "</tr>\n");
	}
	appendStringInfoString(page, "</tbody></table></div>\n");
	if (list->count > MOST_ROWS)
		appendStringInfo(page, "<p class=\"faint\">The first %d of %d rows.</p>\n", MOST_ROWS,
						 list->count);
}

/* ---- confusion matrix ---- */

/* A label as text; NULL: it is none. */
static const char *
label_text(const NNValue *value)
{
	if (value == NULL || value->type == NN_V_NULL)
		return NULL;
	if (value->type == NN_V_STRING)
		return value->string;
	nnet_check_interrupts();
	return nnet_value_to_text(value);
}

/* The number of an object that is neither of the labels. */
static const NNValue *
count_of(const NNValue *cell)
{
	for (int k = 0; k < cell->count; k++)
		if (cell->items[k].type == NN_V_NUMBER && strcmp(cell->keys[k], "truth") != 0 &&
			strcmp(cell->keys[k], "predicted") != 0)
			return &cell->items[k];
	return NULL;
}

static bool
is_confusion(const NNValue *list)
{
	if (list->count > MOST_PAIRS || !is_list_of_objects(list))
		return false;
	for (int i = 0; i < list->count; i++)
		if (label_text(nn_value_get(&list->items[i], "truth")) == NULL ||
			label_text(nn_value_get(&list->items[i], "predicted")) == NULL ||
			count_of(&list->items[i]) == NULL)
			return false;
	return true;
}

typedef struct Matrix
{
	int n;
	const char *labels[MOST_CLASSES];
	double *cells; /* [truth][predicted] */
} Matrix;

/* -1: there are too many. */
static int
find_label(Matrix *matrix, const char *label)
{
	for (int i = 0; i < matrix->n; i++)
		if (strcmp(matrix->labels[i], label) == 0)
			return i;
	if (matrix->n == MOST_CLASSES)
		return -1;
	matrix->labels[matrix->n] = label;
	return matrix->n++;
}

/* False: there are too many labels for a picture. */
static bool
read_matrix(Matrix *matrix, const NNValue *list)
{
	*matrix = (Matrix){.cells = palloc0(sizeof(double) * MOST_CLASSES * MOST_CLASSES)};
	for (int i = 0; i < list->count; i++)
		if (find_label(matrix, label_text(nn_value_get(&list->items[i], "truth"))) < 0)
			return false;
	for (int i = 0; i < list->count; i++)
	{
		int truth = find_label(matrix, label_text(nn_value_get(&list->items[i], "truth")));
		int predicted = find_label(matrix, label_text(nn_value_get(&list->items[i], "predicted")));

		if (predicted < 0)
			return false;
		matrix->cells[truth * MOST_CLASSES + predicted] += count_of(&list->items[i])->number;
	}
	return true;
}

static void
append_matrix(StringInfo page, const Matrix *matrix)
{
	appendStringInfoString(page,
						   "<div class=\"wide\"><table class=\"matrix\"><thead><tr><th>truth \\ "
						   "predicted</th>");
	for (int p = 0; p < matrix->n; p++)
	{
		appendStringInfoString(page, "<th class=\"number\">");
		nnet_markup_text(page, matrix->labels[p]);
		appendStringInfoString(page, "</th>");
	}
	appendStringInfoString(page, "</tr></thead><tbody>\n");
	for (int t = 0; t < matrix->n; t++)
	{
		double all = 0;

		for (int p = 0; p < matrix->n; p++)
			all += fabs(matrix->cells[t * MOST_CLASSES + p]);
		appendStringInfoString(page, "<tr><th>");
		nnet_markup_text(page, matrix->labels[t]);
		appendStringInfoString(page, "</th>");
		for (int p = 0; p < matrix->n; p++)
		{
			double count = matrix->cells[t * MOST_CLASSES + p];

			appendStringInfo(page, "<td class=\"number %s\" style=\"--share:%.0f%%\">",
							 t == p ? "right" : "wrong",
							 all > 0 ? 70 * sqrt(fabs(count) / all) : 0);
			nnet_markup_number(page, count);
			appendStringInfoString(page, "</td>");
		}
		appendStringInfoString(page, "</tr>\n");
	}
	appendStringInfoString(page, "</tbody></table></div>\n");
}

/* ---- importances ---- */

typedef struct Importance
{
	const char *feature;
	double value;
	double deviation; /* NaN: none is told */
} Importance;

static double
number_of(const NNValue *object, const char *key)
{
	const NNValue *value = nn_value_get(object, key);

	return value != NULL && value->type == NN_V_NUMBER ? value->number : NAN;
}

/* {"feature": "age", "importance": 0.2, "std": 0.01}, as they are called; NULL: it is none. */
static const char *
feature_of(const NNValue *object)
{
	static const char *const keys[] = {"feature", "column", "name"};
	const char *feature = NULL;

	for (int i = 0; i < (int) lengthof(keys) && feature == NULL; i++)
		feature = label_text(nn_value_get(object, keys[i]));
	return feature;
}

/* The importances in value, an array of objects or one object of numbers; 0: it is neither. */
static int
read_importances(const NNValue *value, Importance *importances)
{
	if (value->type != NN_V_OBJECT && !is_list_of_objects(value))
		return 0;
	for (int i = 0; i < value->count; i++)
	{
		const NNValue *item = &value->items[i];

		if (value->type == NN_V_OBJECT)
			importances[i] =
				(Importance){value->keys[i], item->type == NN_V_NUMBER ? item->number : NAN, NAN};
		else
			importances[i] = (Importance){feature_of(item), number_of(item, "importance"),
										  number_of(item, "std")};
		if (importances[i].feature == NULL || isnan(importances[i].value))
			return 0;
	}
	return value->count;
}

static int
compare_importances(const void *a, const void *b)
{
	double x = ((const Importance *) a)->value;
	double y = ((const Importance *) b)->value;

	return x < y ? 1 : x > y ? -1 : 0;
}

static void
append_importances(StringInfo page, Importance *importances, int n)
{
	double most = 0;

	qsort(importances, n, sizeof(Importance), compare_importances);
	for (int i = 0; i < n; i++)
		most = fmax(most, fabs(importances[i].value));
	appendStringInfoString(page, "<table class=\"bars\"><tbody>\n");
	for (int i = 0; i < Min(n, MOST_FEATURES); i++)
	{
		appendStringInfoString(page, "<tr><th>");
		nnet_markup_text(page, importances[i].feature);
		appendStringInfo(page,
						 "</th><td><div class=\"bar %s\" style=\"width:%.1f%%\"></div></td>"
						 "<td class=\"number\">",
						 importances[i].value < 0 ? "wrong" : "right",
						 most > 0 ? 100 * fabs(importances[i].value) / most : 0);
		nnet_markup_number(page, importances[i].value);
		if (!isnan(importances[i].deviation))
		{
			appendStringInfoString(page, " &#177; ");
			nnet_markup_number(page, importances[i].deviation);
		}
		appendStringInfoString(page, "</td></tr>\n");
	}
	appendStringInfoString(page, "</tbody></table>\n");
	if (n > MOST_FEATURES)
		appendStringInfo(page, "<p class=\"faint\">The first %d of %d features.</p>\n",
						 MOST_FEATURES, n);
}

/* ---- all of it ---- */

static bool
is_plain(const NNValue *value)
{
	return value->type != NN_V_OBJECT && value->type != NN_V_ARRAY;
}

/* The numbers and words of an object. */
static void
append_plain(StringInfo page, const NNValue *object)
{
	bool any = false;

	for (int i = 0; i < object->count; i++)
	{
		if (!is_plain(&object->items[i]))
			continue;
		if (!any)
			appendStringInfoString(page, "<table><tbody>\n");
		any = true;
		appendStringInfoString(page, "<tr><th>");
		nnet_markup_text(page, object->keys[i]);
		appendStringInfoString(page, "</th>");
		append_cell(page, &object->items[i]);
		appendStringInfoString(page, "</tr>\n");
	}
	if (any)
		appendStringInfoString(page, "</tbody></table>\n");
}

static void
append_part(StringInfo page, const char *key, const NNValue *value)
{
	Importance *importances = palloc(sizeof(Importance) * Max(value->count, 1));
	Matrix matrix;
	int n = strstr(key, "importance") != NULL ? read_importances(value, importances) : 0;

	append_heading(page, key);
	if (n > 0)
		append_importances(page, importances, n);
	else if (is_confusion(value) && read_matrix(&matrix, value))
		append_matrix(page, &matrix);
	else if (is_list_of_objects(value))
		append_table(page, value);
	else if (value->type == NN_V_OBJECT)
		append_plain(page, value);
	else
	{
		appendStringInfoString(page, "<p>");
		append_value(page, value);
		appendStringInfoString(page, "</p>\n");
	}
}

void
nnet_markup_evaluation(StringInfo page, const NNValue *evaluation)
{
	bool plain = false;

	if (evaluation->type != NN_V_OBJECT)
	{
		append_part(page, "evaluation", evaluation);
		return;
	}
	for (int i = 0; i < evaluation->count; i++)
		plain |= is_plain(&evaluation->items[i]);
	if (plain)
		appendStringInfoString(page, "<h2>Evaluation</h2>\n");
	append_plain(page, evaluation);
	for (int i = 0; i < evaluation->count; i++)
	{
		nnet_check_interrupts();
		if (!is_plain(&evaluation->items[i]))
			append_part(page, evaluation->keys[i], &evaluation->items[i]);
	}
}
