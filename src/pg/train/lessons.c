/*
 * lessons.c
 *	  What rows teach a model before it is trained: put together, as bytes, and
 *	  put into a model.
 *
 * Origins: a recorder takes the first value of a position from the others, each
 * recorder another.  So what layers learn of them is kept as of the values themselves,
 * in doubles, and the origin is the middle of their range.
 */
#include "pg/train/lessons.h"

#include <float.h>
#include <math.h>

#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "pg/adapt/adapt.h"
#include "pg/data/port.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* ---- making and adding ---- */

static void
make_origins(NnetInputLesson *lesson, int n)
{
	lesson->n_origins = n;
	lesson->low = MemoryContextAllocHuge(CurrentMemoryContext, 3 * sizeof(double) * (size_t) n);
	lesson->high = lesson->low + n;
	lesson->loss = lesson->high + n;
	for (int i = 0; i < n; i++)
	{
		lesson->low[i] = DBL_MAX;
		lesson->high[i] = -DBL_MAX;
		lesson->loss[i] = 0;
	}
}

NnetLessons *
nnet_lessons_make(const NnetModel *model, const bool *learns, MemoryContext context)
{
	const NNModel *core = model->core;
	MemoryContext old = MemoryContextSwitchTo(context);
	NnetLessons *lessons = palloc0(sizeof(NnetLessons));

	lessons->context = context;
	lessons->model = model;
	lessons->inputs = palloc0(sizeof(NnetInputLesson) * core->n_inputs);
	lessons->outputs = palloc0(sizeof(NnetOutputLesson) * core->n_outputs);
	lessons->states = palloc0(sizeof(double *) * core->n_layers);
	for (int i = 0; i < core->n_inputs; i++)
		lessons->inputs[i].tokens = nnet_tokens_make(context);
	for (int o = 0; o < core->n_outputs; o++)
		lessons->outputs[o].labels = nnet_tokens_make(context);
	for (int i = 0; i < core->n_layers; i++)
		if (learns[i])
		{
			size_t bytes = nn_learn_size(core, i) * sizeof(double);

			lessons->states[i] = MemoryContextAllocHuge(context, bytes);
			memset(lessons->states[i], 0, bytes);
		}
	MemoryContextSwitchTo(old);
	return lessons;
}

static void
add_token(void *arg, const char *bytes, int length, int64 count)
{
	NnetInputLesson *lesson = arg;
	int number = nnet_tokens_add(lesson->tokens, bytes, length);

	if (number >= lesson->room)
	{
		int room = Max(64, 2 * number);

		lesson->counts = lesson->counts == NULL
			? MemoryContextAllocHuge(CurrentMemoryContext, room * sizeof(int64))
			: repalloc_huge(lesson->counts, room * sizeof(int64));
		memset(lesson->counts + lesson->room, 0, (room - lesson->room) * sizeof(int64));
		lesson->room = room;
	}
	lesson->counts[number] += count;
}

static void
add_dates(NnetDates *to, const NnetDates *from)
{
	double all = to->count + from->count;
	double distance = from->mean - to->mean;

	if (!(from->count > 0))
		return;
	to->squares += from->squares + distance * distance * to->count * (from->count / all);
	to->mean += distance * (from->count / all);
	to->count = all;
}

static void
add_range(NnetInputLesson *lesson, int n, int i, double low, double high, double loss)
{
	if (lesson->n_origins == 0)
		make_origins(lesson, n);
	if (i >= lesson->n_origins)
		return;
	lesson->low[i] = Min(lesson->low[i], low);
	lesson->high[i] = Max(lesson->high[i], high);
	lesson->loss[i] = Max(lesson->loss[i], loss);
}

static void
set_type(const NnetLessons *lessons, int output, const char *type)
{
	NnetOutputLesson *lesson = &lessons->outputs[output];

	if (type == NULL)
		return;
	if (lesson->type == NULL)
		lesson->type = pstrdup(type);
	else if (strcmp(lesson->type, type) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("y for model \"%s\" is %s in some rows, and %s in others",
						lessons->model->name, lesson->type, type),
				 errhint("Give all rows the same types.")));
}

/* Bytes of a token; an integer's are 8. */
static int
token_length(const NnetModel *model, int input, const char *token)
{
	return model->readings[input].how.as == NN_READ_INTEGERS ? (int) sizeof(int64)
															 : (int) strlen(token);
}

static void
add_input(const NnetModel *model, int input, NnetInputLesson *to, const NnetInputLesson *from)
{
	for (int t = 0; t < nnet_tokens_count(from->tokens); t++)
	{
		const char *token = nnet_tokens_get(from->tokens, t);

		nnet_check_interrupts();
		add_token(to, token, token_length(model, input, token), from->counts[t]);
	}
	add_dates(&to->dates, &from->dates);
	for (int p = 0; p < from->n_origins; p++)
		add_range(to, from->n_origins, p, from->low[p], from->high[p], from->loss[p]);
}

void
nnet_lessons_add(NnetLessons *to, const NnetLessons *from)
{
	const NNModel *core = to->model->core;
	MemoryContext old = MemoryContextSwitchTo(to->context);

	to->rows += from->rows;
	to->skipped += from->skipped;
	for (int i = 0; i < core->n_inputs; i++)
		add_input(to->model, i, &to->inputs[i], &from->inputs[i]);
	for (int o = 0; o < core->n_outputs; o++)
	{
		const NnetTokens *labels = from->outputs[o].labels;

		set_type(to, o, from->outputs[o].type);
		for (int t = 0; t < nnet_tokens_count(labels); t++)
			nnet_tokens_add(to->outputs[o].labels, nnet_tokens_get(labels, t),
							(int) strlen(nnet_tokens_get(labels, t)));
	}
	for (int i = 0; i < core->n_layers; i++)
		if (to->states[i] != NULL && from->states[i] != NULL)
			nn_learn_merge(core, i, to->states[i], from->states[i]);
	MemoryContextSwitchTo(old);
}

/* ---- out of a recorder ---- */

static void
take_label(void *arg, const char *bytes, int length, int64 count)
{
	(void) count;
	nnet_tokens_add(arg, bytes, length);
}

static void
take_port(NnetInputLesson *lesson, const NnetPort *port)
{
	const NnetOrigins *origins = port->origins;

	if (port->text != NULL && nnet_text_learning(port->text))
		nnet_text_each(port->text, add_token, lesson);
	if (port->column != NULL && nnet_column_learning(port->column))
	{
		NnetDates dates = nnet_column_dates(port->column);

		nnet_column_each(port->column, add_token, lesson);
		add_dates(&lesson->dates, &dates);
	}
	for (int i = 0; origins != NULL && origins->finds && i < origins->n; i++)
		if (origins->seen[i])
			add_range(lesson, origins->n, i, origins->origin[i] + origins->low[i],
					  origins->origin[i] + origins->high[i], origins->loss[i]);
}

/* What was learned of values less their origins, as of the values. */
static void
take_state(NnetLessons *to, const NnetRecorder *recorder, const NNAdapting *layer)
{
	const NNModel *core = to->model->core;
	int input =
		nn_adapts_to_target(core, layer->layer) ? -1 : nn_adapt_on_input(core, layer->layer);
	const NnetOrigins *origins = input >= 0 ? recorder->inputs->ports[input].origins : NULL;
	size_t bytes = nn_learn_size(core, layer->layer) * sizeof(double);
	double *state;

	if (origins == NULL || !origins->finds)
	{
		nn_learn_merge(core, layer->layer, to->states[layer->layer], layer->state);
		return;
	}
	state = memcpy(MemoryContextAllocHuge(CurrentMemoryContext, bytes), layer->state, bytes);
	for (int i = 0; i < nn_adapt_features(core, layer->layer); i++)
		nn_learn_shift(core, layer->layer, state, i, origins->origin[i]);
	nn_learn_merge(core, layer->layer, to->states[layer->layer], state);
	pfree(state);
}

void
nnet_lessons_take(NnetLessons *to, const NnetRecorder *recorder, const NNAdapting *layers,
				  int n_layers)
{
	MemoryContext old = MemoryContextSwitchTo(to->context);

	for (int i = 0; i < recorder->inputs->n; i++)
		take_port(&to->inputs[i], &recorder->inputs->ports[i]);
	for (int i = 0; i < recorder->n_targets; i++)
	{
		const NnetTargetPort *port = &recorder->targets[i];

		if (port->target == NULL)
			continue;
		set_type(to, port->output, nnet_target_learns_type(port->target));
		nnet_target_each(port->target, take_label, to->outputs[port->output].labels);
	}
	for (int i = 0; i < n_layers; i++)
		take_state(to, recorder, &layers[i]);
	MemoryContextSwitchTo(old);
}

/* ---- bytes ---- */

static void
send_bytes(StringInfo to, const char *bytes, int length)
{
	pq_sendint32(to, (uint32) length);
	pq_sendbytes(to, bytes, length);
}

static void
send_input(const NnetModel *model, int input, const NnetInputLesson *lesson, StringInfo to)
{
	pq_sendint32(to, (uint32) nnet_tokens_count(lesson->tokens));
	for (int t = 0; t < nnet_tokens_count(lesson->tokens); t++)
	{
		const char *token = nnet_tokens_get(lesson->tokens, t);

		send_bytes(to, token, token_length(model, input, token));
		pq_sendint64(to, lesson->counts[t]);
	}
	pq_sendfloat8(to, lesson->dates.count);
	pq_sendfloat8(to, lesson->dates.mean);
	pq_sendfloat8(to, lesson->dates.squares);
	pq_sendint32(to, (uint32) lesson->n_origins);
	for (int p = 0; p < lesson->n_origins; p++)
	{
		pq_sendfloat8(to, lesson->low[p]);
		pq_sendfloat8(to, lesson->high[p]);
		pq_sendfloat8(to, lesson->loss[p]);
	}
}

/* Runs of zeros as their lengths: tables of counts are mostly empty. */
static void
send_state(const double *state, size_t n, StringInfo to)
{
	for (size_t i = 0; i < n;)
	{
		size_t zeros = i, numbers;

		while (zeros < n && state[zeros] == 0)
			zeros++;
		for (numbers = zeros; numbers < n && state[numbers] != 0;)
			numbers++;
		pq_sendint32(to, (uint32) (zeros - i));
		pq_sendint32(to, (uint32) (numbers - zeros));
		for (i = zeros; i < numbers; i++)
			pq_sendfloat8(to, state[i]);
	}
}

void
nnet_lessons_write(const NnetLessons *lessons, StringInfo to)
{
	const NNModel *core = lessons->model->core;

	pq_sendint64(to, lessons->rows);
	pq_sendint64(to, lessons->skipped);
	for (int i = 0; i < core->n_inputs; i++)
		send_input(lessons->model, i, &lessons->inputs[i], to);
	for (int o = 0; o < core->n_outputs; o++)
	{
		const NnetOutputLesson *lesson = &lessons->outputs[o];
		const char *type = lesson->type != NULL ? lesson->type : "";

		send_bytes(to, type, (int) strlen(type));
		pq_sendint32(to, (uint32) nnet_tokens_count(lesson->labels));
		for (int t = 0; t < nnet_tokens_count(lesson->labels); t++)
		{
			const char *label = nnet_tokens_get(lesson->labels, t);

			send_bytes(to, label, (int) strlen(label));
		}
	}
	for (int i = 0; i < core->n_layers; i++)
		if (lessons->states[i] != NULL)
			send_state(lessons->states[i], nn_learn_size(core, i), to);
}

pg_noreturn static void
refuse(void)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("invalid state of nnet.learn()")));
}

/* Something of which there are no more than bytes left. */
static int
receive_count(StringInfo from)
{
	int n = (int) pq_getmsgint(from, 4);

	if (n < 0 || n > from->len - from->cursor)
		refuse();
	return n;
}

/* A text of this server's, as tokens and labels are. */
static char *
receive_text(StringInfo from, int *length)
{
	const char *bytes;

	*length = receive_count(from);
	bytes = pq_getmsgbytes(from, *length);
	if (memchr(bytes, 0, (size_t) *length) != NULL)
		refuse();
	pg_verifymbstr(bytes, *length, false);
	return pnstrdup(bytes, (size_t) *length);
}

static double
receive_number(StringInfo from)
{
	double number = pq_getmsgfloat8(from);

	if (!isfinite(number))
		refuse();
	return number;
}

static void
receive_tokens(const NnetModel *model, int input, NnetInputLesson *lesson, StringInfo from)
{
	bool integers = model->readings[input].how.as == NN_READ_INTEGERS;
	int n = receive_count(from);

	for (int t = 0; t < n; t++)
	{
		int length = (int) sizeof(int64);
		char *token = NULL;
		int64 count;

		nnet_check_interrupts();
		if (!integers)
			token = receive_text(from, &length);
		else if (receive_count(from) != length)
			refuse();
		else
			token = pnstrdup(pq_getmsgbytes(from, length), (size_t) length);
		count = pq_getmsgint64(from);
		if (count < 1)
			refuse();
		add_token(lesson, token, length, count);
	}
}

static void
receive_input(const NnetModel *model, int input, NnetInputLesson *lesson, StringInfo from)
{
	int n;

	receive_tokens(model, input, lesson, from);
	lesson->dates.count = receive_number(from);
	lesson->dates.mean = receive_number(from);
	lesson->dates.squares = receive_number(from);
	if (lesson->dates.count < 0 || lesson->dates.squares < 0)
		refuse();
	n = receive_count(from);
	if (n != 0 && (size_t) n != nn_shape_size(nn_layer_shape(nn_model_input(model->core, input))))
		refuse();
	for (int p = 0; p < n; p++)
	{
		double low = receive_number(from);
		double high = receive_number(from);

		add_range(lesson, n, p, low, high, fabs(receive_number(from)));
	}
}

/*
 * Merged into an empty one: merging believes nothing of what is merged, but all of
 * what it is merged into.
 */
static void
receive_state(const NNModel *core, int layer, double *to, StringInfo from)
{
	size_t n = nn_learn_size(core, layer);
	double *state = MemoryContextAllocExtended(CurrentMemoryContext, n * sizeof(double),
											   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (size_t i = 0; i < n;)
	{
		uint32 zeros = pq_getmsgint(from, 4);
		uint32 numbers = pq_getmsgint(from, 4);

		if (zeros > n - i || numbers > n - i - zeros || zeros + numbers == 0)
			refuse();
		i += zeros;
		for (uint32 k = 0; k < numbers; k++)
			state[i++] = receive_number(from);
	}
	nn_learn_merge(core, layer, to, state);
	pfree(state);
}

void
nnet_lessons_read(NnetLessons *lessons, StringInfo from)
{
	const NNModel *core = lessons->model->core;
	MemoryContext old = MemoryContextSwitchTo(lessons->context);

	lessons->rows = pq_getmsgint64(from);
	lessons->skipped = pq_getmsgint64(from);
	if (lessons->rows < 0 || lessons->skipped < 0)
		refuse();
	for (int i = 0; i < core->n_inputs; i++)
		receive_input(lessons->model, i, &lessons->inputs[i], from);
	for (int o = 0; o < core->n_outputs; o++)
	{
		int length;
		char *type = receive_text(from, &length);
		int n = receive_count(from);

		set_type(lessons, o, length > 0 ? type : NULL);
		for (int t = 0; t < n; t++)
		{
			char *label = receive_text(from, &length);

			nnet_tokens_add(lessons->outputs[o].labels, label, length);
		}
	}
	for (int i = 0; i < core->n_layers; i++)
		if (lessons->states[i] != NULL)
			receive_state(core, i, lessons->states[i], from);
	pq_getmsgend(from);
	MemoryContextSwitchTo(old);
}

/* ---- into a model ---- */

static void
apply_output(const NnetOutputLesson *lesson, NnetModel *model, int output)
{
	NnetOutputTraining *training = &model->training.outputs[output];
	bool knows = nnet_output_knows(training) != NNET_KNOWS_NOTHING;
	bool booleans = lesson->type != NULL && strcmp(lesson->type, NNET_BOOLEANS_TYPE) == 0;
	Oid of = booleans ? BOOLOID : TEXTOID;
	char *type;
	NnetTarget *target;

	if (lesson->type == NULL || model->objectives.of[output].target == NN_TARGET_NONE)
		return;
	type = MemoryContextStrdup(model->context, lesson->type);
	if (strcmp(type, NNET_NUMBERS_TYPE) != 0)
	{
		/* y was an array of them where a row has several */
		if (nn_objective_labels(&model->objectives.of[output]) == 0)
			of = get_array_type(of);
		target = nnet_target_make(of, "y", model, output, true, CurrentMemoryContext);
		for (int i = 0; i < nnet_tokens_count(lesson->labels); i++)
			nnet_target_add_label(target, nnet_tokens_get(lesson->labels, i));
		(void) nnet_target_learned(target, model);
	}
	if (!knows)
		training->label_type = type;
}

static void
apply_text(const NnetInputLesson *lesson, NnetModel *model, int input)
{
	NnetVocabulary *vocabulary = nnet_model_vocabulary(model, input);
	NnetText *text;

	if (vocabulary == NULL || nnet_vocabulary_known(vocabulary))
		return;
	text = nnet_text_make(TEXTOID, "x", model->name, true, CurrentMemoryContext);
	for (int i = 0; i < nnet_tokens_count(lesson->tokens); i++)
	{
		const char *token = nnet_tokens_get(lesson->tokens, i);

		nnet_text_count(text, token, (int) strlen(token), lesson->counts[i]);
	}
	nnet_text_learned(text, vocabulary, model);
}

static void
apply_column(const NnetInputLesson *lesson, NnetModel *model, int input)
{
	static const Oid types[] = {
		[NN_READ_STRINGS] = TEXTOID,
		[NN_READ_INTEGERS] = INT8OID,
		[NN_READ_DATES] = TIMESTAMPOID,
		[NN_READ_HASHES] = TEXTOID,
	};
	NnetColumnOf of = nnet_column_of(model, input, true);
	NnetColumn *column;

	if (!of.learn)
		return;
	column = nnet_column_make(types[of.as], "x", &of, CurrentMemoryContext);
	for (int i = 0; i < nnet_tokens_count(lesson->tokens); i++)
	{
		const char *token = nnet_tokens_get(lesson->tokens, i);

		nnet_column_count(column, token, token_length(model, input, token), lesson->counts[i]);
	}
	nnet_column_set_dates(column, &lesson->dates);
	nnet_column_learned(column, model);
}

static void
apply_origins(const NnetInputLesson *lesson, NnetModel *model, int input)
{
	NnetOrigins *origins = nnet_origins_make(model, input, true);

	if (origins == NULL || !origins->finds || origins->n != lesson->n_origins)
		return;
	for (int i = 0; i < origins->n; i++)
	{
		double low = lesson->low[i], high = lesson->high[i];

		if (low > high)
			continue;
		if (nnet_origin_may_matter(low) || nnet_origin_may_matter(high))
			origins->origin[i] = low / 2 + high / 2;
		origins->low[i] = low - origins->origin[i];
		origins->high[i] = high - origins->origin[i];
		origins->loss[i] = lesson->loss[i];
		origins->seen[i] = true;
	}
	(void) nnet_origins_learned(origins, model, input);
}

/* What a row of nothing but missing values is to a layer. */
static double *
show_missing(NnetRunner *runner, int layer)
{
	const NNModel *core = runner->model->core;
	const NNRecordFormat *format = runner->run.core.format;
	NNRecordHead head = {0};
	size_t bytes = nn_record_bytes(format, &head);
	char *record = palloc0(bytes);
	const void *records[1] = {record};
	NNAdapting adapting = {.layer = layer, .once = true};

	nn_record_put_head(format, &head, record);
	for (int i = 0; i < core->n_inputs; i++)
	{
		size_t n = nn_shape_size(nn_layer_shape(nn_model_input(core, i)));
		float *x = (float *) (record + nn_record_x_at(format, &head, i));

		for (size_t k = 0; k < n && nn_model_takes_missing(core, i); k++)
			x[k] = NAN;
	}
	adapting.state = palloc0(nn_learn_size(core, layer) * sizeof(double));
	nnet_adapt_piece(runner, &adapting, 1, NULL, records, 1);
	return adapting.state;
}

static void
apply_layer(NnetRunner *runner, int layer, double *state)
{
	NnetModel *model = runner->model;
	int input =
		nn_adapts_to_target(model->core, layer) ? -1 : nn_adapt_on_input(model->core, layer);
	const NnetReading *reading = input >= 0 ? &model->readings[input] : NULL;

	for (int i = 0; reading != NULL && reading->changed && i < reading->n_origins; i++)
		nn_learn_shift(model->core, layer, state, i, -reading->origins[i]);
	if (nn_learn_lacks(model->core, layer, state))
		nn_learn_fill(model->core, layer, state, show_missing(runner, layer));
	nn_learn_end(model->core, layer, state, model->params);
}

static void
apply_layers(NnetLessons *lessons, NnetModel *model)
{
	const NNModel *core = model->core;
	NNRecordFormat *format = palloc0(nn_record_format_bytes(core->n_inputs));
	NNAdapting *learned = palloc0(sizeof(NNAdapting) * core->n_layers);
	NnetRunner *runner;
	int n = 0;

	nn_record_format(format, core, &model->objectives);
	runner = nnet_runner_make(model, format, 1, 1, CurrentMemoryContext);
	for (int i = 0; i < core->n_layers; i++)
	{
		if (lessons->states[i] == NULL)
			continue;
		nnet_check_interrupts();
		apply_layer(runner, i, lessons->states[i]);
		learned[n++].layer = i;
	}
	nnet_check_learned(runner, learned, n, NULL);
	nnet_runner_end(runner);
}

void
nnet_lessons_apply(NnetLessons *lessons, NnetModel *model)
{
	for (int o = 0; o < model->core->n_outputs; o++)
		apply_output(&lessons->outputs[o], model, o);
	for (int i = 0; i < model->core->n_inputs; i++)
	{
		apply_text(&lessons->inputs[i], model, i);
		apply_column(&lessons->inputs[i], model, i);
		apply_origins(&lessons->inputs[i], model, i);
	}
	apply_layers(lessons, model);
}
