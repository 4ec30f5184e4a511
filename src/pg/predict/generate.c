/*
 * generate.c
 *	  nnet.generate(generator, n [, seed, condition]): rows of new data, from
 *	  noise, and from a condition if the generator was trained with one.
 *
 * Row i is made from noise by (seed, i), of the kind the generator was trained
 * with: the first rows of a longer call are those of a shorter one.  Rows are
 * predicted some at a time, when the first of them is asked for.
 *
 * Lifetimes: Generation is the query's (multi_call_memory_ctx); what was
 * planned for the loaded model is in generation->planned, made anew when the
 * cache has loaded anew.
 */
#include "core/nn_gan.h"
#include "pg/data/data.h"
#include "pg/predict/predict.h"
#include "pg/run/run.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#define MOST_ROWS 256

/* Values of a row that are noise, or of the condition. */
typedef struct Span
{
	size_t n;
	bool given;
} Span;

typedef struct Generation
{
	MemoryContext query; /* of the call */
	Oid relid;
	int64 n;
	uint64 seed;
	int64 first; /* the row that y begins with */
	int rows;	 /* in y */
	int room;	 /* rows that x and y have room for */
	size_t in;	 /* reals of a row */
	size_t out;
	NNShape output;
	nn_real *x;
	nn_real *y;
	float *condition; /* (given), or NULL */
	size_t given;

	/* for the model as it is loaded now */
	MemoryContext planned;
	uint64 generation; /* 0: nothing planned */
	NnetRun run;
	NNNoise noise;
	Span *spans; /* of a row, end to end */
	int n_spans;
	size_t wanted; /* values of a condition */
} Generation;

PG_FUNCTION_INFO_V1(nnet_generate);

static void
check_ports(const NnetModel *model)
{
	const NNModel *core = model->core;
	int variable = 0;
	char shape[128];

	if (core->n_outputs > 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("nnet.generate() takes no model of several outputs"),
				 errdetail("Model \"%s\" has %d.", model->name, core->n_outputs)));
	if (!core->variable)
		return;
	for (int k = 0; k < core->n_inputs; k++)
		if (nn_layer_shape(nn_model_input(core, k))->dim[0] == NN_ANY)
			variable = k;
	nn_shape_text(nn_layer_shape(nn_model_input(core, variable)), shape, sizeof(shape));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\" generates nothing: its input of shape %s is not fixed",
					model->name, shape),
			 errhint("Give nnet.input() a number in place of NULL.")));
}

/* The noise that fit_gan noted; a model it never trained gets normal noise. */
static NNNoise
noise_of(const NnetModel *model)
{
	const NNValue *noted = nn_value_get(model->training.whole, "noise");

	for (const NNWord *word = nn_noise_words;
		 noted != NULL && noted->type == NN_V_STRING && word->name != NULL; word++)
		if (strcmp(word->name, noted->string) == 0)
			return (NNNoise) word->value;
	return NN_NOISE_NORMAL;
}

/* How many values at the end of its only input the generator was given in training. */
static size_t
trained_condition(const NnetModel *model)
{
	const NNValue *noted = nn_value_get(model->training.whole, "condition");

	/* of a stranger's number nothing but a message comes */
	return noted != NULL && noted->type == NN_V_NUMBER && noted->number >= 0 &&
			noted->number <= NN_MAX_UNITS
		? (size_t) noted->number
		: 0;
}

/* Whether an input was given in training, of a generator of several. */
static bool
was_given(const NnetModel *model, int input)
{
	const NNValue *noted = nn_value_get(model->training.whole, "given");
	const char *name = nn_layer_name(nn_model_input(model->core, input));

	for (int i = 0; noted != NULL && noted->type == NN_V_ARRAY && i < noted->count; i++)
		if (noted->items[i].type == NN_V_STRING && strcmp(noted->items[i].string, name) == 0)
			return true;
	return false;
}

/* What the condition is made of: "label (1), style (4)", for a hint. */
static char *
list_given(const NnetModel *model)
{
	const NNModel *core = model->core;
	StringInfoData text;

	initStringInfo(&text);
	for (int k = 0; k < core->n_inputs; k++)
	{
		const NNLayer *input = nn_model_input(core, k);

		if (was_given(model, k))
			appendStringInfo(&text, "%s%s (%zu)", text.len > 0 ? ", " : "", nn_layer_name(input),
							 nn_shape_size(nn_layer_shape(input)));
	}
	return text.data;
}

/* What a row is made of: of one input the condition is its end, of several some inputs are. */
static void
make_spans(Generation *g, const NnetModel *model)
{
	const NNModel *core = model->core;
	size_t end = core->n_inputs == 1 ? trained_condition(model) : 0;

	g->spans = MemoryContextAlloc(g->planned, sizeof(Span) * ((size_t) core->n_inputs + 1));
	g->n_spans = 0;
	g->wanted = end;
	if (core->n_inputs == 1)
	{
		/* more than there is room for is refused before it is used */
		g->spans[g->n_spans++] = (Span){.n = end < g->in ? g->in - end : 0};
		g->spans[g->n_spans++] = (Span){.n = end, .given = true};
		return;
	}
	for (int k = 0; k < core->n_inputs; k++)
	{
		Span span = {
			.n = nn_shape_size(nn_layer_shape(nn_model_input(core, k))),
			.given = was_given(model, k),
		};

		g->wanted += span.given ? span.n : 0;
		g->spans[g->n_spans++] = span;
	}
}

static void
plan_model(Generation *g, NnetCached *cached)
{
	NnetModel *model = cached->model;
	NNModel *core = model->core;
	NNPlanRequest request = {
		.batch = (int) Min(g->n, MOST_ROWS),
		.force_threads = nnet_force_threads,
		.precision = nnet_precision(),
	};
	NnetRunTask task = {.verb = "generate", .hint = NNET_MEMORY_HINT_ROWS};

	if (g->generation == cached->generation && g->planned != NULL && g->x != NULL)
		return;
	check_ports(model);
	request.threads = nnet_core_start(nnet_threads_for_fit());
	MemoryContextReset(g->planned);
	g->x = NULL;
	g->output = *nn_layer_shape(nn_model_output(core, 0));
	g->in = 0;
	for (int k = 0; k < core->n_inputs; k++)
		g->in += nn_shape_size(nn_layer_shape(nn_model_input(core, k)));
	g->out = nn_shape_size(&g->output);
	g->room = (int) Min(Max((size_t) work_mem * 1024 / 4 / ((g->in + g->out) * sizeof(nn_real)), 1),
						(size_t) request.batch);
	task.rows_bytes = g->room * (g->in + g->out) * sizeof(nn_real);
	nnet_run_init(&g->run, model, g->planned);
	nnet_run_plan(&g->run, &request, &task);
	g->y = nnet_memory_alloc(g->planned, g->room * g->out * sizeof(nn_real), false);
	g->x = nnet_memory_alloc(g->planned, g->room * g->in * sizeof(nn_real), false);
	g->noise = noise_of(model);
	make_spans(g, model);
	g->generation = cached->generation;
}

static void
check_condition(const Generation *g, const NnetModel *model)
{
	if (g->wanted == g->given && g->wanted < g->in)
		return;
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		 errmsg("generator \"%s\" takes a condition of %zu values, not %zu", model->name, g->wanted,
				g->given),
		 g->wanted == 0 ? errhint("It was trained without one: leave condition out.")
			 : model->core->n_inputs > 1
			 ? errhint("Give the values of the inputs %s, one after the other.", list_given(model))
			 : errhint("Give what stands at the end of its rows: condition => '{...}'.")));
}

/* Row number `row` of what the generator is fed with. */
static void
make_input(const Generation *g, int64 row, nn_real *x)
{
	const float *condition = g->condition;
	int drawn = 0;

	for (int s = 0; s < g->n_spans; s++)
	{
		const Span *span = &g->spans[s];

		if (!span->given)
			nn_noise(g->noise, nn_gan_noise_seed(g->seed, drawn++), (uint64_t) row, x, span->n);
		else if (span->n > 0)
		{
			memcpy(x, condition, span->n * sizeof(nn_real));
			condition += span->n;
		}
		x += span->n;
	}
}

/* Make the rows from number `from` on. */
static void
make_rows(Generation *g, int64 from)
{
	NnetCached *cached = nnet_cache_get(g->relid, g->query);

	plan_model(g, cached);
	check_condition(g, cached->model);
	g->first = from;
	g->rows = (int) Min(g->n - from, g->room);
	for (int i = 0; i < g->rows; i++)
		make_input(g, from + i, g->x + i * g->in);
	nnet_run_predict(&g->run, g->x, g->rows, g->y);
}

/* A row that is not finite. */
static void
refuse_row(const Generation *g, int64 number, const nn_real *y)
{
	const char *model = nnet_cache_get(g->relid, g->query)->model->name;
	NnetRow row = {
		.what = "row", .function = "nnet.generate", .model = model, .number = number + 1};

	nnet_row_enter(&row);
	nnet_check_outputs(y, g->out, model);
	nnet_row_leave(&row);
}

static void
read_condition(FunctionCallInfo fcinfo, Generation *g, MemoryContext context)
{
	NnetReader *reader = nnet_reader_make(FLOAT4ARRAYOID, "condition", NULL, context);
	const float *values = nnet_reader_reals(reader, PG_GETARG_DATUM(3), &g->given);

	g->condition = MemoryContextAllocHuge(context, g->given * sizeof(float) + 1);
	memcpy(g->condition, values, g->given * sizeof(float));
}

static Generation *
begin(FunctionCallInfo fcinfo, MemoryContext context)
{
	Generation *g = MemoryContextAllocZero(context, sizeof(Generation));

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return g; /* no rows */
	g->query = fcinfo->flinfo->fn_mcxt;
	g->relid = PG_GETARG_OID(0);
	g->n = PG_GETARG_INT32(1);
	if (g->n < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot generate %lld rows", (long long) g->n)));
	g->seed =
		PG_ARGISNULL(2) ? (uint64) (nnet_random() * 4294967296.0) : (uint64) PG_GETARG_INT64(2);
	g->planned = AllocSetContextCreate(context, "nnet generate", ALLOCSET_DEFAULT_SIZES);
	if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
		read_condition(fcinfo, g, context);
	return g;
}

Datum
nnet_generate(PG_FUNCTION_ARGS)
{
	FuncCallContext *call;
	Generation *g;
	int64 row;
	const nn_real *y;
	ArrayType *array;

	if (SRF_IS_FIRSTCALL())
	{
		call = SRF_FIRSTCALL_INIT();
		call->user_fctx = begin(fcinfo, call->multi_call_memory_ctx);
	}
	call = SRF_PERCALL_SETUP();
	g = call->user_fctx;
	row = (int64) call->call_cntr;
	if (row >= g->n)
		SRF_RETURN_DONE(call);
	if (row >= g->first + g->rows)
		make_rows(g, row);
	y = g->y + (row - g->first) * g->out;
	if (!nn_all_finite(y, g->out))
		refuse_row(g, row, y);
	array = nnet_output_array(&g->output);
	memcpy(ARR_DATA_PTR(array), y, g->out * sizeof(float4));
	SRF_RETURN_NEXT(call, PointerGetDatum(array));
}
