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

/* A tail as a record: the number of its row, then ids. */
static const NNRecordFormat tail_format = {
	.variable = true,
	.x_count = 1,
	.target = NN_TARGET_NONE,
};
#define TAIL_HEAD ((int) (sizeof(uint64) / sizeof(int32)))

/* What has to be put right in a record. */
typedef struct Edit
{
	const NnetRecorder *recorder;
	bool labels;
	bool tokens;
} Edit;

void
nnet_recorder_hold_back(NnetRecorder *recorder)
{
	recorder->holds_back = true;
	if (recorder->target != NULL)
		nnet_target_watch(recorder->target);
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

/* Where x is in a record; *n values. */
static void *
record_x(const NNRecordFormat *format, void *record, size_t *n)
{
	NNRecordHead head = *(const NNRecordHead *) record;

	*n = nn_record_x_count(format, head);
	return (char *) record + nn_record_x_offset(format, head);
}

static void
edit_tokens(const NnetRecorder *recorder, void *record)
{
	size_t n;
	float *x = record_x(&recorder->format, record, &n);
	int32 *y = (int32 *) ((char *) record + NN_RECORD_TARGET_OFFSET);

	for (size_t i = 0; i < n; i++)
	{
		int32 id;

		memcpy(&id, &x[i], sizeof(id));
		x[i] = (float) nnet_text_final(recorder->text, id);
	}
	if (recorder->target_text == NULL)
		return;
	n = nn_record_target_count(&recorder->format, *(const NNRecordHead *) record);
	for (size_t i = 0; i < n; i++)
		y[i] = nnet_text_final(recorder->text, y[i]);
}

static void
edit_record(void *record, void *arg)
{
	const Edit *edit = arg;

	if (edit->labels)
		nnet_target_remap(edit->recorder->target, (char *) record + NN_RECORD_TARGET_OFFSET);
	if (edit->tokens)
		edit_tokens(edit->recorder, record);
}

/* Rows for validation do not count. */
static void
uncount_validation(NnetRecorder *recorder, NnetDataset *dataset, uint64 from)
{
	NnetPass *pass = nnet_pass_make(dataset, recorder->context);
	const void *const *records;
	int fetched;

	nnet_pass_begin(pass, from, nnet_dataset_count(dataset));
	while ((fetched = nnet_pass_next(pass, &records)) > 0)
	{
		for (int i = 0; i < fetched; i++)
		{
			size_t n;
			const int32 *ids = record_x(&recorder->format, unconstify(void *, records[i]), &n);

			nnet_text_uncount(recorder->text, ids, n);
		}
	}
}

void
nnet_recorder_keep_tail(NnetRecorder *recorder)
{
	uint64 row = recorder->rows++;
	size_t n;
	const int32 *ids = nnet_text_tail(recorder->text, &n);
	NNRecordHead head = {.steps = (int32) n + TAIL_HEAD};
	char *record;
	int32 *x;

	if (n == 0 || !recorder->holds_back)
		return;
	if (recorder->tails == NULL)
		recorder->tails = nnet_dataset_create(&tail_format, COUNT_RECORDS, recorder->context);
	record = nnet_dataset_append(recorder->tails, nn_record_bytes(&tail_format, head));
	memcpy(record, &head, sizeof(head));
	x = record_x(&tail_format, record, &n);
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
			const int32 *x = record_x(&tail_format, unconstify(void *, records[i]), &n);
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
learn_tokens(NnetRecorder *recorder, NnetDataset *dataset, uint64 n_training, NnetModel *model)
{
	int ids;

	uncount_validation(recorder, dataset, n_training);
	if (recorder->tails != NULL)
		uncount_tails(recorder, n_training);
	nnet_text_learned(recorder->text, model);
	ids = nnet_tokens_count(model->vocabulary->tokens) + NNET_TOKEN_FIRST;
	if (recorder->target_text != NULL && ids > recorder->classes)
		nnet_recorder_refuse_classes(recorder, ids);
}

void
nnet_recorder_learned(NnetRecorder *recorder, NnetDataset *dataset, uint64 n_training,
					  NnetModel *model)
{
	Edit edit = {.recorder = recorder};

	if (recorder->target != NULL && recorder->holds_back)
		nnet_target_held_back(recorder->target, n_training);
	if (recorder->target != NULL)
		edit.labels = nnet_target_learned(recorder->target, model);
	if (recorder->text != NULL && nnet_text_learning(recorder->text))
	{
		learn_tokens(recorder, dataset, n_training, model);
		edit.tokens = true;
	}
	if (edit.labels || edit.tokens)
		nnet_dataset_rewrite(dataset, edit_record, &edit);
}
