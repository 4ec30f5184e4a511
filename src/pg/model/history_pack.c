/*
 * history_pack.c
 *	  Where the epochs a model was trained are kept.
 *
 * The newest, at most NEWEST, are in the training row's config, which every
 * fit reads and writes.  Those before go, a block at a time, into its column
 * inputs, which has no other use there: it is stored apart from the row, not
 * read for training, and not written by an UPDATE that leaves it alone.  So
 * the cost of a fit does not grow with what was trained before.
 *
 * A block is the text of a JSON object of columns, {"loss": [0.7, 0.6, ...],
 * "seed": [7], ...}, of NNET_HISTORY_BLOCK values each; those at the end that equal
 * the one before them are left out.  "history_dropped" in the config counts all
 * epochs before its "history": the last block ends where that begins.
 *
 * Lifetimes: what is packed lives in the current context.
 */
#include "pg/model/model.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#define NEWEST 64
#define MOST_BLOCKS (NNET_HISTORY_EPOCHS / NNET_HISTORY_BLOCK)

static bool
same_value(const NNValue *a, const NNValue *b)
{
	if (a->type != b->type || a->boolean != b->boolean || a->integer != b->integer ||
		a->count != b->count || memcmp(&a->number, &b->number, sizeof(a->number)) != 0)
		return false;
	if (a->type == NN_V_STRING)
		return strcmp(a->string, b->string) == 0;
	for (int i = 0; i < a->count; i++)
		if ((a->type == NN_V_OBJECT && strcmp(a->keys[i], b->keys[i]) != 0) ||
			!same_value(&a->items[i], &b->items[i]))
			return false;
	return true;
}

/* That key of n epochs. */
static NNValue
column(const NNValue *epochs, int n, const char *key)
{
	NNValue values = nnet_value_array(n);

	for (int i = 0; i < n; i++)
	{
		const NNValue *value = nn_value_get(&epochs[i], key);

		nnet_value_append(&values, value != NULL ? *value : nnet_value_null());
	}
	while (values.count > 1 &&
		   same_value(&values.items[values.count - 1], &values.items[values.count - 2]))
		values.count--;
	return values;
}

static Datum
pack(const NNValue *epochs, int n)
{
	NNValue block = nnet_value_object(16);

	for (int i = 0; i < n; i++)
		for (int k = 0; k < epochs[i].count; k++)
			if (nn_value_get(&block, epochs[i].keys[k]) == NULL)
				nnet_value_set(&block, epochs[i].keys[k], column(epochs, n, epochs[i].keys[k]));
	return CStringGetTextDatum(nnet_value_to_text(&block));
}

int
nnet_history_pack(NnetTraining *training, Datum **blocks)
{
	NNValue *history = training->history;
	int n = history != NULL
		? (history->count - NEWEST + NNET_HISTORY_BLOCK - 1) / NNET_HISTORY_BLOCK
		: 0;

	if (n <= 0)
		return 0;
	*blocks = palloc(sizeof(Datum) * n);
	for (int i = 0; i < n; i++)
	{
		nnet_check_interrupts();
		(*blocks)[i] = pack(history->items + i * NNET_HISTORY_BLOCK, NNET_HISTORY_BLOCK);
	}
	training->history = palloc(sizeof(NNValue));
	*training->history = nnet_value_array(NEWEST);
	for (int i = n * NNET_HISTORY_BLOCK; i < history->count; i++)
		nnet_value_append(training->history, history->items[i]);
	training->history_dropped =
		Min(training->history_dropped + n * NNET_HISTORY_BLOCK, NNET_DROPPED_EPOCHS);
	return n;
}

ArrayType *
nnet_history_append(ArrayType *before, const Datum *blocks, int n)
{
	Datum *elements = NULL;
	bool *nulls = NULL;
	int n_before = 0;
	int kept;
	Datum *all;
	bool *all_nulls;
	int lower = 1;

	if (before != NULL)
		deconstruct_array(before, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n_before);
	kept = Max(Min(n_before, MOST_BLOCKS - n), 0);
	all = palloc(sizeof(Datum) * (kept + n));
	all_nulls = palloc0(sizeof(bool) * (kept + n));
	for (int i = 0; i < kept; i++)
	{
		all[i] = elements[n_before - kept + i];
		all_nulls[i] = nulls[n_before - kept + i];
	}
	memcpy(all + kept, blocks, sizeof(Datum) * n);
	n += kept;
	return construct_md_array(all, all_nulls, 1, &n, &lower, TEXTOID, -1, false, TYPALIGN_INT);
}
