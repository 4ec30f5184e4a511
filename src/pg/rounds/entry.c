/*
 * entry.c
 *	  What a round came to: what each bucket's training says of itself, and the
 *	  entry of the model's history that is made of these.
 */
#include "pg/rounds/rounds.h"

#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(nnet_round_report);

/* ---- of a bucket ---- */

static const NNValue *
training_config(const NnetModelValue *value)
{
	int n;
	const NnetLayerRow *rows = nnet_model_value_rows(value, &n);

	for (int i = 0; i < n; i++)
		if (rows[i].layer == TRAINING_LAYER && !rows[i].nulls[COLUMN_CONFIG])
			return nnet_value_from_datum(rows[i].values[COLUMN_CONFIG], NULL);
	return NULL;
}

static void
copy_key(NNValue *to, const NNValue *from, const char *key)
{
	const NNValue *value = nn_value_get(from, key);

	if (value != NULL)
		nnet_value_set(to, key, *value);
}

/*
 * nnet.round_report(model, bucket): what the last epoch of a trained value came to,
 * {"bucket", "steps", "samples", "loss", "metrics", "learning_rate"}.
 */
Datum
nnet_round_report(PG_FUNCTION_ARGS)
{
	const NNValue *config = training_config(nnet_model_value_get(PG_GETARG_DATUM(0)));
	const NNValue *history = config != NULL ? nn_value_get(config, "history") : NULL;
	NNValue report = nnet_value_object(6);

	nnet_value_set(&report, "bucket", nnet_value_string(text_to_cstring(PG_GETARG_TEXT_PP(1))));
	if (config != NULL)
		copy_key(&report, config, "steps");
	if (history != NULL && history->type == NN_V_ARRAY && history->count > 0)
	{
		const NNValue *last = &history->items[history->count - 1];

		copy_key(&report, last, "samples");
		copy_key(&report, last, "loss");
		copy_key(&report, last, "metrics");
		copy_key(&report, last, "learning_rate");
	}
	PG_RETURN_JSONB_P(nnet_value_to_jsonb(&report));
}

/* ---- of a round ---- */

static double
number_of(const NNValue *object, const char *key)
{
	const NNValue *value = object->type == NN_V_OBJECT ? nn_value_get(object, key) : NULL;

	return value != NULL && value->type == NN_V_NUMBER ? value->number : 0;
}

/* A figure of a report: its loss, or one of its metrics; of a list its value number i. */
static double
figure_of(const NNValue *report, const char *name, int i)
{
	const NNValue *metrics = nn_value_get(report, "metrics");
	const NNValue *value = metrics != NULL ? nn_value_get(metrics, name) : NULL;

	if (strcmp(name, "loss") == 0)
		return number_of(report, name);
	if (value != NULL && value->type == NN_V_ARRAY)
		value = i < value->count ? &value->items[i] : NULL;
	return value != NULL && value->type == NN_V_NUMBER ? value->number : 0;
}

/* The mean over buckets by their rows. */
static double
mean_of(const NNValue *reports, const char *name, int at)
{
	double sum = 0;
	double samples = 0;

	for (int i = 0; i < reports->count; i++)
	{
		double n = number_of(&reports->items[i], "samples");

		if (n > 0)
			sum += n * figure_of(&reports->items[i], name, at);
		samples += n;
	}
	return samples > 0 ? sum / samples : 0;
}

/* The same of a metric that may be a list. */
static NNValue
mean_metric(const NNValue *reports, const char *name, const NNValue *like)
{
	NNValue list;

	if (like->type != NN_V_ARRAY)
		return nnet_value_number(mean_of(reports, name, 0));
	list = nnet_value_array(like->count);
	for (int i = 0; i < like->count; i++)
		nnet_value_append(&list, nnet_value_number(mean_of(reports, name, i)));
	return list;
}

static double
most_of(const NNValue *reports, const char *key)
{
	double most = 0;

	for (int i = 0; i < reports->count; i++)
		most = Max(most, number_of(&reports->items[i], key));
	return most;
}

static double
sum_of(const NNValue *reports, const char *key)
{
	double sum = 0;

	for (int i = 0; i < reports->count; i++)
		sum += number_of(&reports->items[i], key);
	return sum;
}

static int
buckets_of(const NNValue *reports)
{
	int n = 0;

	for (int i = 0; i < reports->count; i++)
		n += reports->items[i].type == NN_V_OBJECT;
	return n;
}

/* Metrics of training by those of any report, of validation by what there is. */
static NNValue
metrics_of(const NNValue *reports, const NNValue *validation)
{
	NNValue metrics = nnet_value_object(2 * NN_MAX_METRICS);
	const NNValue *first = NULL;

	for (int i = 0; i < reports->count && first == NULL; i++)
		if (reports->items[i].type == NN_V_OBJECT)
			first = nn_value_get(&reports->items[i], "metrics");
	for (int i = 0; first != NULL && first->type == NN_V_OBJECT && i < first->count; i++)
		nnet_value_set(&metrics, first->keys[i],
					   mean_metric(reports, first->keys[i], &first->items[i]));
	for (int i = 0; validation != NULL && i < validation->count; i++)
		if (strcmp(validation->keys[i], "loss") != 0 &&
			strcmp(validation->keys[i], "samples") != 0 &&
			strcmp(validation->keys[i], "skipped") != 0)
			nnet_value_set(&metrics, psprintf("val_%s", validation->keys[i]), validation->items[i]);
	return metrics;
}

NNValue
nnet_round_entry(const NNValue *reports, const NNValue *validation, int64 *steps)
{
	NNValue entry = nnet_value_object(14);

	*steps = (int64) most_of(reports, "steps");
	nnet_value_set(&entry, "loss", nnet_value_number(mean_of(reports, "loss", 0)));
	if (validation != NULL)
		nnet_value_set(&entry, "val_loss", nnet_value_number(number_of(validation, "loss")));
	nnet_value_set(&entry, "metrics", metrics_of(reports, validation));
	nnet_value_set(&entry, "samples", nnet_value_number(sum_of(reports, "samples")));
	nnet_value_set(&entry, "learning_rate", nnet_value_number(most_of(reports, "learning_rate")));
	nnet_value_set(&entry, "buckets", nnet_value_number(buckets_of(reports)));
	return entry;
}

bool
nnet_round_figure(const NNValue *entry, const char *name, double *value)
{
	const NNValue *found = NULL;

	if (strcmp(name, "loss") == 0 || strcmp(name, "val_loss") == 0)
		found = nn_value_get(entry, name);
	else
		found = nn_value_get(nn_value_get(entry, "metrics"), name);
	if (found == NULL || found->type != NN_V_NUMBER)
		return false;
	*value = found->number;
	return true;
}
