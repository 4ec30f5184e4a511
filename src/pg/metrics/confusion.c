/*
 * confusion.c
 *	  nnet.confusion_matrix(truth, predicted [, weight]) and what follows from it:
 *	  classification_report, accuracy_score, balanced_accuracy_score,
 *	  precision_score, recall_score, f1_score.
 *
 * All have one transition, and so share the state where a query asks for several.
 * What has no rows to go by is 0, as scikit-learn's zero_division has it.
 */
#include "pg/metrics/tally.h"

#include "utils/builtins.h"

#include <math.h>

#define MOST_MATRIX_LABELS 2048

typedef struct PairReaders
{
	LabelReader truth;
	LabelReader predicted;
	LabelKind kind;
} PairReaders;

PG_FUNCTION_INFO_V1(nnet_confusion_transition);
PG_FUNCTION_INFO_V1(nnet_confusion_matrix_final);
PG_FUNCTION_INFO_V1(nnet_classification_report_final);
PG_FUNCTION_INFO_V1(nnet_accuracy_score_final);
PG_FUNCTION_INFO_V1(nnet_balanced_accuracy_score_final);
PG_FUNCTION_INFO_V1(nnet_precision_score_final);
PG_FUNCTION_INFO_V1(nnet_recall_score_final);
PG_FUNCTION_INFO_V1(nnet_f1_score_final);

static PairReaders *
get_readers(FunctionCallInfo fcinfo)
{
	PairReaders *readers = fcinfo->flinfo->fn_extra;
	MemoryContext query = fcinfo->flinfo->fn_mcxt;

	if (readers != NULL)
		return readers;
	readers = MemoryContextAllocZero(query, sizeof(PairReaders));
	label_reader_make(&readers->truth, get_fn_expr_argtype(fcinfo->flinfo, 1), "truth", query);
	label_reader_make(&readers->predicted, get_fn_expr_argtype(fcinfo->flinfo, 2), "predicted",
					  query);
	readers->kind = label_common_kind(readers->truth.kind, readers->predicted.kind);
	fcinfo->flinfo->fn_extra = readers;
	return readers;
}

Datum
nnet_confusion_transition(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate = tally_context(fcinfo);
	PairReaders *readers = get_readers(fcinfo);
	Label truth, predicted;
	double weight;
	Tally *tally;
	int number;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || !tally_weight(fcinfo, 3, &weight))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	truth = label_read(&readers->truth, PG_GETARG_DATUM(1), readers->kind, "truth");
	predicted = label_read(&readers->predicted, PG_GETARG_DATUM(2), readers->kind, "predicted");
	tally = PG_ARGISNULL(0) ? tally_make(TALLY_PAIRS, readers->kind, aggregate)
							: tally_change(PG_GETARG_DATUM(0), TALLY_PAIRS, aggregate);
	number = tally_label(tally, &truth);
	tally_pair(tally, number, tally_label(tally, &predicted), weight);
	PG_RETURN_DATUM(TallyGetDatum(tally));
}

/* ---- sums ---- */

typedef struct ClassSums
{
	double truth;	  /* weight of the rows that are of it */
	double predicted; /* that are said to be */
	double both;
} ClassSums;

typedef struct Confusion
{
	const Tally *tally;
	ClassSums *classes; /* by number */
	double all;
	double right;
} Confusion;

/* False: there were no rows. */
static bool
sum_up(FunctionCallInfo fcinfo, Confusion *confusion)
{
	const TallyPair *pairs;

	(void) tally_context(fcinfo);
	if (PG_ARGISNULL(0))
		return false;
	memset(confusion, 0, sizeof(*confusion));
	confusion->tally = tally_look(PG_GETARG_DATUM(0), TALLY_PAIRS);
	confusion->classes = palloc0(Max(confusion->tally->n_labels, 1) * sizeof(ClassSums));
	pairs = confusion->tally->items;
	for (int64 i = 0; i < confusion->tally->n; i++)
	{
		confusion->classes[pairs[i].truth].truth += pairs[i].weight;
		confusion->classes[pairs[i].predicted].predicted += pairs[i].weight;
		confusion->all += pairs[i].weight;
		if (pairs[i].truth != pairs[i].predicted)
			continue;
		confusion->classes[pairs[i].truth].both += pairs[i].weight;
		confusion->right += pairs[i].weight;
	}
	(void) tally_finite(confusion->all);
	return true;
}

static double
quotient(double above, double below)
{
	return below == 0 ? 0 : above / below;
}

static double
precision_of(const ClassSums *sums)
{
	return quotient(sums->both, sums->predicted);
}

static double
recall_of(const ClassSums *sums)
{
	return quotient(sums->both, sums->truth);
}

static double
f1_of(const ClassSums *sums)
{
	return quotient(2 * sums->both, sums->truth + sums->predicted);
}

/* ---- results ---- */

Datum
nnet_confusion_matrix_final(PG_FUNCTION_ARGS)
{
	Confusion confusion;
	const Tally *tally;
	const TallyPair *pairs;
	Datum *texts;
	double *cells;
	int *order, *place;
	RowArray rows;
	size_t n;

	if (!sum_up(fcinfo, &confusion))
		PG_RETURN_NULL();
	tally = confusion.tally;
	n = (size_t) tally->n_labels;
	if (n > MOST_MATRIX_LABELS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a matrix of %zu labels is too large", n),
				 errhint("Count the pairs that there are: SELECT truth, predicted, count(*) ... "
						 "GROUP BY truth, predicted.")));
	order = tally_order(tally);
	place = palloc(n * sizeof(int));
	texts = palloc(n * sizeof(Datum));
	cells = MemoryContextAllocExtended(CurrentMemoryContext, n * n * sizeof(double),
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (size_t i = 0; i < n; i++)
	{
		place[order[i]] = (int) i;
		texts[i] = CStringGetTextDatum(label_text(tally->labels_are, &tally->labels[order[i]]));
	}
	pairs = tally->items;
	for (int64 i = 0; i < tally->n; i++)
		cells[place[pairs[i].truth] * n + place[pairs[i].predicted]] = pairs[i].weight;
	row_array_begin(&rows, fcinfo);
	for (size_t i = 0; i < n * n; i++)
		row_array_add(&rows, (Datum[]){texts[i / n], texts[i % n], Float8GetDatum(cells[i])},
					  (bool[]){false, false, false});
	PG_RETURN_DATUM(row_array_end(&rows));
}

typedef struct ReportRow
{
	double precision;
	double recall;
	double f1;
	double support;
} ReportRow;

static void
add_report_row(RowArray *rows, const char *label, const ReportRow *row)
{
	row_array_add(rows,
				  (Datum[]){CStringGetTextDatum(label), Float8GetDatum(row->precision),
							Float8GetDatum(row->recall), Float8GetDatum(row->f1),
							Float8GetDatum(row->support)},
				  (bool[]){false, isnan(row->precision), isnan(row->recall), false, false});
}

static void
add_weighed(ReportRow *sum, const ReportRow *row, double weight)
{
	sum->precision += weight * row->precision;
	sum->recall += weight * row->recall;
	sum->f1 += weight * row->f1;
}

Datum
nnet_classification_report_final(PG_FUNCTION_ARGS)
{
	Confusion confusion;
	const Tally *tally;
	ReportRow macro = {0};
	ReportRow weighted = {0};
	ReportRow accuracy = {.precision = NAN, .recall = NAN};
	RowArray rows;
	int *order;

	if (!sum_up(fcinfo, &confusion))
		PG_RETURN_NULL();
	tally = confusion.tally;
	order = tally_order(tally);
	row_array_begin(&rows, fcinfo);
	for (int i = 0; i < tally->n_labels; i++)
	{
		const ClassSums *sums = &confusion.classes[order[i]];
		ReportRow row = {precision_of(sums), recall_of(sums), f1_of(sums), sums->truth};

		add_report_row(&rows, label_text(tally->labels_are, &tally->labels[order[i]]), &row);
		add_weighed(&macro, &row, 1.0 / tally->n_labels);
		add_weighed(&weighted, &row, quotient(row.support, confusion.all));
	}
	accuracy.f1 = quotient(confusion.right, confusion.all);
	accuracy.support = macro.support = weighted.support = confusion.all;
	add_report_row(&rows, "accuracy", &accuracy);
	add_report_row(&rows, "macro avg", &macro);
	add_report_row(&rows, "weighted avg", &weighted);
	PG_RETURN_DATUM(row_array_end(&rows));
}

Datum
nnet_accuracy_score_final(PG_FUNCTION_ARGS)
{
	Confusion confusion;

	if (!sum_up(fcinfo, &confusion) || confusion.all == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(confusion.right / confusion.all);
}

/* The mean of the recalls of the classes that there are. */
Datum
nnet_balanced_accuracy_score_final(PG_FUNCTION_ARGS)
{
	Confusion confusion;
	double sum = 0;
	int n = 0;

	if (!sum_up(fcinfo, &confusion))
		PG_RETURN_NULL();
	for (int i = 0; i < confusion.tally->n_labels; i++)
		if (confusion.classes[i].truth > 0)
		{
			sum += recall_of(&confusion.classes[i]);
			n++;
		}
	if (n == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(sum / n);
}

static Datum
score_of(FunctionCallInfo fcinfo, double (*score)(const ClassSums *))
{
	Confusion confusion;
	int positive;

	if (!sum_up(fcinfo, &confusion))
		PG_RETURN_NULL();
	if (confusion.tally->n_labels > 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there are more than two labels: %d", confusion.tally->n_labels),
				 errhint("nnet.classification_report() has the scores of each; or compare with "
						 "one, as in truth = 'spam', predicted = 'spam'.")));
	positive = tally_positive(confusion.tally);
	if (positive < 0)
		PG_RETURN_NULL();
	/* one label alone, which is the other: of this one there are no rows */
	if (positive >= confusion.tally->n_labels)
		PG_RETURN_FLOAT8(0);
	PG_RETURN_FLOAT8(score(&confusion.classes[positive]));
}

Datum
nnet_precision_score_final(PG_FUNCTION_ARGS)
{
	return score_of(fcinfo, precision_of);
}

Datum
nnet_recall_score_final(PG_FUNCTION_ARGS)
{
	return score_of(fcinfo, recall_of);
}

Datum
nnet_f1_score_final(PG_FUNCTION_ARGS)
{
	return score_of(fcinfo, f1_of);
}
