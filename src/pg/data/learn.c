/*
 * learn.c
 *	  What a first fit learns from the rows before training: labels of y, the
 *	  vocabulary of texts, what columns of other values need (column.c), origins.
 *
 * Records hold provisional classes and ids until all rows were seen; then the
 * final ones are put in their place.  Tokens count wherever they stand in a
 * text, but not in rows for validation, and which rows those are is known at
 * the end only: so the tokens past the end of a record (tails) are kept, too.
 */
#include "pg/data/port.h"

#include "miscadmin.h"

#define COUNT_RECORDS 1024 /* fetched at a time */

/* In a tail, before its ids: the number of its row, and of the input. */
#define TAIL_INPUT ((int) (sizeof(uint64) / sizeof(int32)))
#define TAIL_HEAD (TAIL_INPUT + 1)

/* What has to be put right in a record. */
typedef struct Edit
{
	const NnetRecorder *recorder;
	bool labels[NN_MAX_OUTPUTS]; /* by target */
	bool tokens;
	bool ports;
} Edit;

typedef void (*OfPort)(NnetPort *port, float *values, size_t n);

void
nnet_recorder_hold_back(NnetRecorder *recorder, bool last)
{
	recorder->holds_back = last;
	recorder->watches = true;
	for (int i = 0; i < recorder->n_targets; i++)
		if (recorder->targets[i].target != NULL)
			nnet_target_watch(recorder->targets[i].target);
}

void
nnet_recorder_set_validation(NnetRecorder *recorder, bool validation)
{
	recorder->validation = validation;
	for (int i = 0; i < recorder->n_targets; i++)
		if (recorder->targets[i].target != NULL)
			nnet_target_set_validation(recorder->targets[i].target, validation);
}

bool
nnet_recorder_learning(const NnetRecorder *recorder)
{
	for (int i = 0; i < recorder->n_targets; i++)
	{
		const NnetTargetPort *port = &recorder->targets[i];

		/* of a type that is not known yet, there may be labels to learn */
		if (port->text == NULL && (port->target == NULL || nnet_target_learning(port->target)))
			return true;
	}
	return nnet_inputs_learning(recorder->inputs);
}

/* The text of an input whose tokens are being learned; NULL: none are. */
static NnetText *
learning_text(const NnetRecorder *recorder, int input)
{
	NnetText *text = recorder->inputs->ports[input].text;

	return text != NULL && nnet_text_learning(text) ? text : NULL;
}

size_t
nnet_recorder_learning_bytes(const NnetRecorder *recorder)
{
	size_t bytes = 0;

	for (int i = 0; i < recorder->inputs->n; i++)
		if (learning_text(recorder, i) != NULL)
			bytes += nnet_text_learning_bytes(learning_text(recorder, i));
		else if (recorder->inputs->ports[i].column != NULL)
			bytes += nnet_column_learning_bytes(recorder->inputs->ports[i].column);
	return bytes;
}

/* A tail as a record: one sequence of one number a step. */
static NNRecordFormat *
make_tail_format(MemoryContext context)
{
	NNRecordFormat *format = MemoryContextAllocZero(context, nn_record_format_bytes(1));

	format->n_inputs = 1;
	format->n_sequences = 1;
	format->inputs[0].count = 1;
	return format;
}

/* Where values of an input are in a record; *n of them. */
static void *
record_x(const NNRecordFormat *format, void *record, int input, size_t *n)
{
	NNRecordHead head;

	nn_record_get_head(format, record, &head);
	*n = nn_record_x_count(format, &head, input);
	return (char *) record + nn_record_x_at(format, &head, input);
}

/* Where targets of an output are; *n values. */
static void *
record_targets(const NNRecordFormat *format, void *record, int output, size_t *n)
{
	NNRecordHead head;

	nn_record_get_head(format, record, &head);
	*n = nn_record_target_count(format, &head, output);
	return (char *) record + nn_record_target_at(format, &head, output);
}

static void
edit_tokens(const NnetRecorder *recorder, int input, void *record)
{
	const NnetText *text = learning_text(recorder, input);
	size_t n;
	float *x;

	if (text == NULL)
		return;
	x = record_x(recorder->format, record, input, &n);
	for (size_t i = 0; i < n; i++)
	{
		int32 id;

		memcpy(&id, &x[i], sizeof(id));
		x[i] = (float) nnet_text_final(text, id);
	}
}

static void
edit_target_tokens(const NnetRecorder *recorder, const NnetTargetPort *port, void *record)
{
	size_t n;
	int32 *y = record_targets(recorder->format, record, port->output, &n);

	for (size_t i = 0; i < n; i++)
		y[i] = nnet_text_final(learning_text(recorder, 0), y[i]);
}

static void
learn_port(NnetPort *port, float *values, size_t n)
{
	if (port->column != NULL && nnet_column_learning(port->column))
		nnet_column_learn(port->column, values, n);
}

static void
finish_port(NnetPort *port, float *values, size_t n)
{
	if (port->column != NULL && nnet_column_learning(port->column))
		nnet_column_final(port->column, values, n);
	if (port->origins != NULL && port->origins->finds && !port->bytes)
		nnet_origins_restore(port->origins, values, n);
}

/* The values of all inputs in a record. */
static void
over_ports(const NnetRecorder *recorder, void *record, OfPort of_port)
{
	const NNRecordFormat *format = recorder->format;
	NNRecordHead head;
	char *at;

	nn_record_get_head(format, record, &head);
	at = (char *) record + nn_record_x_at(format, &head, 0);
	for (int i = 0; i < recorder->inputs->n; i++)
	{
		size_t n = nn_record_x_count(format, &head, i);

		of_port(&recorder->inputs->ports[i], (float *) at, n);
		at += nn_record_x_bytes(&format->inputs[i], n);
	}
}

static void
edit_record(void *record, void *arg)
{
	const Edit *edit = arg;
	const NnetRecorder *recorder = edit->recorder;
	size_t n;

	for (int i = 0; i < recorder->n_targets; i++)
	{
		const NnetTargetPort *port = &recorder->targets[i];
		void *targets = record_targets(recorder->format, record, port->output, &n);

		if (edit->labels[i])
			nnet_target_remap(port->target, targets, n);
		if (edit->tokens && port->text != NULL)
			edit_target_tokens(recorder, port, record);
	}
	for (int i = 0; edit->tokens && i < recorder->inputs->n; i++)
		edit_tokens(recorder, i, record);
	if (edit->ports)
		over_ports(recorder, record, finish_port);
}

/* The tokens that a record has room for do not count. */
static void
uncount_record(NnetRecorder *recorder, int input, void *record)
{
	size_t n;
	const int32 *ids = record_x(recorder->format, record, input, &n);

	nnet_text_uncount(learning_text(recorder, input), ids, n);
}

/* Nor do those of the last rows. */
static void
uncount_validation(NnetRecorder *recorder, int input, const NnetSplit *split)
{
	NnetPass *pass = nnet_pass_make(split->validation, recorder->context);
	const void *const *records;
	int fetched;

	nnet_pass_begin(pass, split->from, split->to);
	while ((fetched = nnet_pass_next(pass, &records)) > 0)
		for (int i = 0; i < fetched; i++)
			uncount_record(recorder, input, unconstify(void *, records[i]));
}

void
nnet_recorder_uncount(NnetRecorder *recorder, void *record)
{
	for (int i = 0; i < recorder->inputs->n; i++)
	{
		NnetText *text = learning_text(recorder, i);
		size_t n;
		const int32 *tail;

		if (text == NULL)
			continue;
		uncount_record(recorder, i, record);
		tail = nnet_text_tail(text, &n);
		nnet_text_uncount(text, tail, n);
	}
}

static void
keep_tail(NnetRecorder *recorder, int input, uint64 row)
{
	size_t n;
	const int32 *ids = nnet_text_tail(learning_text(recorder, input), &n);
	NNRecordHead head = {.steps = {{(int) n + TAIL_HEAD}}};
	char *record;
	int32 *x;

	if (n == 0)
		return;
	if (recorder->tails == NULL)
	{
		recorder->tail_format = make_tail_format(recorder->context);
		recorder->tails =
			nnet_dataset_create(recorder->tail_format, COUNT_RECORDS, recorder->context);
	}
	record = nnet_dataset_append(recorder->tails, nn_record_bytes(recorder->tail_format, &head));
	nn_record_put_head(recorder->tail_format, &head, record);
	x = record_x(recorder->tail_format, record, 0, &n);
	memcpy(x, &row, sizeof(row));
	x[TAIL_INPUT] = input;
	memcpy(x + TAIL_HEAD, ids, (n - TAIL_HEAD) * sizeof(int32));
}

void
nnet_recorder_refuse_classes(const NnetRecorder *recorder, int classes, int ids)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\" has a vocabulary of %d ids, but %d classes a step",
					recorder->model, ids, classes),
			 errhint("Give the last layer as many units as text_vectorization has max_tokens.")));
}

void
nnet_recorder_keep_tails(NnetRecorder *recorder)
{
	uint64 row = recorder->rows++;

	if (!recorder->holds_back)
		return;
	for (int i = 0; i < recorder->inputs->n; i++)
		if (learning_text(recorder, i) != NULL)
			keep_tail(recorder, i, row);
}

static void
uncount_tails(NnetRecorder *recorder, uint64 from)
{
	NnetPass *pass;
	const void *const *records;
	int fetched;

	nnet_dataset_seal(recorder->tails);
	pass = nnet_pass_make(recorder->tails, recorder->context);
	nnet_pass_begin(pass, 0, nnet_dataset_count(recorder->tails));
	while ((fetched = nnet_pass_next(pass, &records)) > 0)
	{
		for (int i = 0; i < fetched; i++)
		{
			size_t n;
			const int32 *x = record_x(recorder->tail_format, unconstify(void *, records[i]), 0, &n);
			uint64 row;

			memcpy(&row, x, sizeof(row));
			if (row >= from)
				nnet_text_uncount(learning_text(recorder, x[TAIL_INPUT]), x + TAIL_HEAD,
								  n - TAIL_HEAD);
		}
	}
	nnet_dataset_free(recorder->tails);
	recorder->tails = NULL;
}

static void
learn_tokens(NnetRecorder *recorder, int input, const NnetSplit *split, NnetModel *model)
{
	NnetVocabulary *vocabulary = nnet_model_vocabulary(model, input);
	int ids;

	if (recorder->holds_back)
		uncount_validation(recorder, input, split);
	nnet_text_learned(learning_text(recorder, input), vocabulary, model);
	ids = nnet_tokens_count(vocabulary->tokens) + NNET_TOKEN_FIRST;
	for (int i = 0; i < recorder->n_targets; i++)
		if (recorder->targets[i].text != NULL && ids > recorder->targets[i].classes)
			nnet_recorder_refuse_classes(recorder, recorder->targets[i].classes, ids);
}

/* By the rows for training; false: there is no column that learns. */
static bool
learn_columns(NnetRecorder *recorder, const NnetSplit *split, NnetModel *model)
{
	NnetPass *pass;
	const void *const *records;
	int fetched;
	bool learns = false;

	for (int i = 0; i < recorder->inputs->n; i++)
		learns |= recorder->inputs->ports[i].column_of.learn;
	if (!learns)
		return false;
	pass = nnet_pass_make(split->training, recorder->context);
	nnet_pass_begin(pass, 0, split->n_training);
	while ((fetched = nnet_pass_next(pass, &records)) > 0)
		for (int i = 0; i < fetched; i++)
			over_ports(recorder, unconstify(void *, records[i]), learn_port);
	for (int i = 0; i < recorder->inputs->n; i++)
	{
		NnetColumn *column = recorder->inputs->ports[i].column;

		if (column != NULL && nnet_column_learning(column))
			nnet_column_learned(column, model);
	}
	return true;
}

/* True if some were taken for nothing. */
static bool
learn_origins(const NnetRecorder *recorder, NnetModel *model)
{
	bool restores = false;

	for (int i = 0; i < recorder->inputs->n; i++)
	{
		NnetOrigins *origins = recorder->inputs->ports[i].origins;

		if (origins != NULL && origins->finds)
			restores |= nnet_origins_learned(origins, model, i);
	}
	return restores;
}

void
nnet_recorder_learned(NnetRecorder *recorder, const NnetSplit *split, NnetModel *model)
{
	Edit edit = {.recorder = recorder};
	bool edits = false;

	for (int i = 0; i < recorder->n_targets; i++)
	{
		NnetTarget *target = recorder->targets[i].target;

		if (target == NULL)
			continue;
		if (split != NULL)
			nnet_target_held_back(target, split->n_training);
		edit.labels[i] = nnet_target_learned(target, model);
		edits |= edit.labels[i];
	}
	if (recorder->tails != NULL)
		uncount_tails(recorder, split->n_training);
	for (int i = 0; i < recorder->inputs->n; i++)
	{
		if (learning_text(recorder, i) == NULL)
			continue;
		learn_tokens(recorder, i, split, model);
		edit.tokens = true;
	}
	edit.ports = learn_columns(recorder, split, model);
	edit.ports |= learn_origins(recorder, model);
	if (!edits && !edit.tokens && !edit.ports)
		return;
	nnet_dataset_rewrite(split->training, edit_record, &edit);
	if (split->validation != split->training)
		nnet_dataset_rewrite(split->validation, edit_record, &edit);
}
