/*
 * state.c
 *	  What of a training in rounds is kept in the model's table between its rounds, so
 *	  that a call that ended by an error is gone on with by the next.
 *
 * The training row's config has, until the last round is done,
 *
 *	  "rounds": {"done": 3, "of": 8, "epochs": 12}
 *
 * which is void once the history has other epochs, or the model is compiled.  Its
 * column slots, which has no other use there, has the outer optimizer's velocity, a
 * number for each parameter.
 */
#include "pg/rounds/rounds.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"

static int
count_of(const NNValue *object, const char *key)
{
	const NNValue *value = nn_value_get(object, key);

	return value != NULL && value->type == NN_V_NUMBER && value->number >= 0 &&
			value->number <= PG_INT32_MAX
		? (int) value->number
		: 0;
}

/* All that were ever trained, of which the history has the last. */
static int64
epochs_of(const NnetModel *model)
{
	const NNValue *history = model->training.history;

	return model->training.history_dropped + (history != NULL ? history->count : 0);
}

int
nnet_rounds_done(const NnetModel *model, int rounds)
{
	const NNValue *state = nn_value_get(model->training.whole, NNET_ROUNDS_KEY);
	const NNValue *epochs;
	int done;

	if (state == NULL || state->type != NN_V_OBJECT)
		return 0;
	epochs = nn_value_get(state, "epochs");
	done = count_of(state, "done");
	if (epochs == NULL || epochs->type != NN_V_NUMBER ||
		epochs->number != (double) epochs_of(model) || count_of(state, "of") != rounds ||
		done >= rounds)
		return 0;
	return done;
}

/* In the model's context, as the config is. */
void
nnet_rounds_set_done(NnetModel *model, int done, int rounds)
{
	MemoryContext caller = MemoryContextSwitchTo(model->context);
	const NNValue *before = model->training.whole;
	NNValue *whole = palloc(sizeof(NNValue));

	*whole = nnet_value_object(before->count + 1);
	for (int i = 0; i < before->count; i++)
		if (strcmp(before->keys[i], NNET_ROUNDS_KEY) != 0)
			nnet_value_set(whole, before->keys[i], before->items[i]);
	if (done < rounds)
	{
		NNValue state = nnet_value_object(3);

		nnet_value_set(&state, "done", nnet_value_number(done));
		nnet_value_set(&state, "of", nnet_value_number(rounds));
		nnet_value_set(&state, "epochs", nnet_value_number((double) epochs_of(model)));
		nnet_value_set(whole, NNET_ROUNDS_KEY, state);
	}
	model->training.whole = whole;
	MemoryContextSwitchTo(caller);
}

/* ---- the velocity ---- */

static char *
table_of(const NnetModel *model)
{
	Relation relation = relation_open(model->relid, NoLock);
	char *table = nnet_relation_sql(relation);

	relation_close(relation, NoLock);
	return table;
}

void
nnet_velocity_read(const NnetModel *model, nn_real *velocity)
{
	size_t n = model->core->n_params;
	NnetStored stored;
	Datum slots = 0;
	bool isnull = true;

	if (SPI_execute(psprintf("SELECT \"slots\" FROM %s WHERE \"layer\" OPERATOR(pg_catalog.=) "
							 "'%d'::pg_catalog.int4",
							 table_of(model), TRAINING_LAYER),
					false, 1) == SPI_OK_SELECT &&
		SPI_processed == 1)
		slots = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	memset(velocity, 0, n * sizeof(nn_real));
	if (!isnull)
	{
		nnet_stored_open(&stored, slots, model->name, "the outer optimizer's velocity");
		if (stored.n == n)
			nnet_stored_read(&stored, 0, n, velocity);
		nnet_stored_close(&stored);
	}
	SPI_freetuptable(SPI_tuptable);
}

void
nnet_velocity_save(const NnetModel *model, const nn_real *velocity)
{
	Oid type = FLOAT4ARRAYOID;
	Datum value = 0;
	char isnull = velocity == NULL ? 'n' : ' ';
	SPIPlanPtr plan = SPI_prepare_cursor(
		psprintf("UPDATE %s SET \"slots\" = $1 WHERE \"layer\" "
				 "OPERATOR(pg_catalog.=) '%d'::pg_catalog.int4 AND (\"slots\" IS "
				 "NOT NULL OR $1 IS NOT NULL)",
				 table_of(model), TRAINING_LAYER),
		1, &type, CURSOR_OPT_GENERIC_PLAN);
	int result;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (velocity != NULL)
		value = nnet_weights_flat(nnet_weights_lend(NULL, model->core->n_params, &velocity, 1));
	result = SPI_execute_plan(plan, &value, &isnull, false, 0);
	if (result != SPI_OK_UPDATE && result != SPI_OK_REWRITTEN)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
	SPI_freeplan(plan);
}
