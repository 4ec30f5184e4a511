/*
 * learn.c
 *	  What a first fit learns from the rows before training: labels of y, the
 *	  vocabulary of texts.
 *
 * Records hold provisional classes and ids until all rows were seen; then the
 * final ones are put in their place.  Tokens count wherever they stand in a
 * text, but not in rows for validation, and which rows those are is known at
 * the end only: so the tokens past the end of a record (tails) are kept, too.
 */
#include "pg/data/data.h"

#include "miscadmin.h"

#define COUNT_RECORDS 1024 /* fetched at a time */

/* In a tail, before its ids: the number of its row. */
#define TAIL_HEAD ((int) (sizeof(uint64) / sizeof(int32)))

/* What has to be put right in a record. */
typedef struct Edit
{
	const NnetRecorder *recorder;
	bool labels;
	bool tokens;
} Edit;

void
nnet_recorder_hold_back(NnetRecorder *recorder, bool last)
{
	recorder->holds_back = last;
	if (recorder->target != NULL)
		nnet_target_watch(recorder->target);
}

void
nnet_recorder_set_validation(NnetRecorder *recorder, bool validation)
{
	recorder->validation = validation;
	if (recorder->target != NULL)
		nnet_target_set_validation(recorder->target, validation);
}

bool
nnet_recorder_learning(const NnetRecorder *recorder)
{
	return (recorder->target != NULL && nnet_target_learning(recorder->target)) ||
		(recorder->text != NULL && nnet_text_learning(recorder->text));
}

size_t
nnet_recorder_learning_bytes(const NnetRecorder *recorder)
{
	return recorder->text != NULL && nnet_text_learning(recorder->text)
		? nnet_text_learning_bytes(recorder->text)
		: 0;
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

/* Where x is in a record; *n values. */
static void *
record_x(const NNRecordFormat *format, void *record, size_t *n)
{
	NNRecordHead head;

	nn_record_get_head(format, record, &head);
	*n = nn_record_x_count(format, &head, 0);
	return (char *) record + nn_record_x_at(format, &head, 0);
}

/* Where targets are; *n values. */
static void *
record_targets(const NNRecordFormat *format, void *record, size_t *n)
{
	NNRecordHead head;

	nn_record_get_head(format, record, &head);
	*n = nn_record_target_count(format, &head, 0);
	return (char *) record + nn_record_target_at(format, &head, 0);
}

static void
edit_tokens(const NnetRecorder *recorder, void *record)
{
	size_t n;
	float *x = record_x(recorder->format, record, &n);
	int32 *y;

	for (size_t i = 0; i < n; i++)
	{
		int32 id;

		memcpy(&id, &x[i], sizeof(id));
		x[i] = (float) nnet_text_final(recorder->text, id);
	}
	if (recorder->target_text == NULL)
		return;
	y = record_targets(recorder->format, record, &n);
	for (size_t i = 0; i < n; i++)
		y[i] = nnet_text_final(recorder->text, y[i]);
}

static void
edit_record(void *record, void *arg)
{
	const Edit *edit = arg;
	size_t n;

	if (edit->labels)
		nnet_target_remap(edit->recorder->target,
						  record_targets(edit->recorder->format, record, &n));
	if (edit->tokens)
		edit_tokens(edit->recorder, record);
}

/* The tokens that a record has room for do not count. */
static void
uncount_record(NnetRecorder *recorder, void *record)
{
	size_t n;
	const int32 *ids = record_x(recorder->format, record, &n);

	nnet_text_uncount(recorder->text, ids, n);
}

/* Nor do those of the last rows. */
static void
uncount_validation(NnetRecorder *recorder, const NnetSplit *split)
{
	NnetPass *pass = nnet_pass_make(split->validation, recorder->context);
	const void *const *records;
	int fetched;

	nnet_pass_begin(pass, split->from, split->to);
	while ((fetched = nnet_pass_next(pass, &records)) > 0)
		for (int i = 0; i < fetched; i++)
			uncount_record(recorder, unconstify(void *, records[i]));
}

void
nnet_recorder_uncount(NnetRecorder *recorder, void *record)
{
	size_t n;
	const int32 *tail;

	if (recorder->text == NULL || !nnet_text_learning(recorder->text))
		return;
	uncount_record(recorder, record);
	tail = nnet_text_tail(recorder->text, &n);
	nnet_text_uncount(recorder->text, tail, n);
}

void
nnet_recorder_keep_tail(NnetRecorder *recorder)
{
	uint64 row = recorder->rows++;
	size_t n;
	const int32 *ids = nnet_text_tail(recorder->text, &n);
	NNRecordHead head = {.steps = {{(int) n + TAIL_HEAD}}};
	char *record;
	int32 *x;

	if (n == 0 || !recorder->holds_back)
		return;
	if (recorder->tails == NULL)
	{
		recorder->tail_format = make_tail_format(recorder->context);
		recorder->tails =
			nnet_dataset_create(recorder->tail_format, COUNT_RECORDS, recorder->context);
	}
	record = nnet_dataset_append(recorder->tails, nn_record_bytes(recorder->tail_format, &head));
	nn_record_put_head(recorder->tail_format, &head, record);
	x = record_x(recorder->tail_format, record, &n);
	memcpy(x, &row, sizeof(row));
	memcpy(x + TAIL_HEAD, ids, (n - TAIL_HEAD) * sizeof(int32));
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
			const int32 *x = record_x(recorder->tail_format, unconstify(void *, records[i]), &n);
			uint64 row;

			memcpy(&row, x, sizeof(row));
			if (row >= from)
				nnet_text_uncount(recorder->text, x + TAIL_HEAD, n - TAIL_HEAD);
		}
	}
	nnet_dataset_free(recorder->tails);
	recorder->tails = NULL;
}

static void
learn_tokens(NnetRecorder *recorder, const NnetSplit *split, NnetModel *model)
{
	int ids;

	if (recorder->holds_back)
		uncount_validation(recorder, split);
	if (recorder->tails != NULL)
		uncount_tails(recorder, split->n_training);
	nnet_text_learned(recorder->text, model);
	ids = nnet_tokens_count(model->vocabulary->tokens) + NNET_TOKEN_FIRST;
	if (recorder->target_text != NULL && ids > recorder->classes)
		nnet_recorder_refuse_classes(recorder, ids);
}

void
nnet_recorder_learned(NnetRecorder *recorder, const NnetSplit *split, NnetModel *model)
{
	Edit edit = {.recorder = recorder};

	if (recorder->target != NULL && split != NULL)
		nnet_target_held_back(recorder->target, split->n_training);
	if (recorder->target != NULL)
		edit.labels = nnet_target_learned(recorder->target, model);
	if (recorder->text != NULL && nnet_text_learning(recorder->text))
	{
		learn_tokens(recorder, split, model);
		edit.tokens = true;
	}
	if (!edit.labels && !edit.tokens)
		return;
	nnet_dataset_rewrite(split->training, edit_record, &edit);
	if (split->validation != split->training)
		nnet_dataset_rewrite(split->validation, edit_record, &edit);
}
