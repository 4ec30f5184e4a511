/*
 * layer_attention.c
 *	  Attention: numbers by hand, gradients, what is seen, refusals.
 */
#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

#define STEPS(n, features) \
	{                      \
		2,                 \
		{                  \
			n, features    \
		}                  \
	}

/* Two keys, of which the query is like the first by log 3 more than like the second. */
static void
hand_numbers(void)
{
	const double log3 = log(3);
	Probe *p = probe_make(&(ProbeSpec){.kind = "attention",
									   .n_inputs = 3,
									   .in = {STEPS(1, 2), STEPS(2, 3), STEPS(2, 2)},
									   .batch = 1},
						  NULL);

	numbers_set(p->x[0], (double[]){1, 0}, 2);
	numbers_set(p->x[1], (double[]){1, 2, 4, 5, 6, 0}, 6);
	numbers_set(p->x[2], (double[]){log3, 7, 0, -7}, 4);
	probe_forward(p, false);
	numbers_check("weights are softmax of products", p->y, (double[]){2, 3, 3}, 3, 1e-6);
	numbers_set(p->dy, (double[]){1, 0, 0}, 3);
	probe_forward(p, true);
	probe_backward(p);
	numbers_check("the value's gradient is the weights", p->dx[1],
				  (double[]){0.75, 0, 0, 0.25, 0, 0}, 6, 1e-6);
	numbers_check("of the query", p->dx[0], (double[]){-0.75 * log3, -0.75 * 14}, 2, 1e-5);
	probe_free(p);
}

/* One head that projects by the identity is plain attention, but for the scale of its scores. */
static void
one_head(void)
{
	const int n = 6 * 3;
	ProbeSpec plain = {
		.kind = "attention", .config = "{\"use_scale\": true}", .in = {STEPS(6, 3)}, .batch = 4};
	ProbeSpec head = {.kind = "multi_head_attention",
					  .config = "{\"num_heads\": 1, \"key_dim\": 3, \"use_bias\": false}",
					  .in = {STEPS(6, 3)},
					  .batch = 4};
	Probe *a = probe_make(&plain, NULL), *b = probe_make(&head, NULL);
	double worst = 0;

	for (int i = 0; i < 4 * n; i++)
		a->x[0][i] = b->x[0][i] = (nn_real) sin(i * 1.7);
	a->params[0] = (nn_real) (1 / sqrt(3.0));
	for (int k = 0; k < 4; k++)
		for (int i = 0; i < 3; i++)
			b->params[9 * k + 4 * i] = 1;
	probe_forward(a, false);
	probe_forward(b, false);
	for (int i = 0; i < 4 * n; i++)
		worst = fmax(worst, fabs((double) (a->y[i] - b->y[i])));
	CHECK(worst < 1e-6, "one head of identities is attention: %g", worst);
	probe_free(a);
	probe_free(b);
}

/* Output i follows the steps that it sees: which those are, of one sample of 5 steps. */
static void
seen(const char *kind, const char *config, const char *const sees[5])
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = kind, .config = config, .in = {STEPS(5, 4)}, .batch = 1}, NULL);
	NNRandom random = nn_random(3, 3);
	nn_real before[5];

	for (size_t i = 0; i < p->layer->param_size; i++)
		p->params[i] = (nn_real) nn_random_normal(&random);
	for (int i = 0; i < 20; i++)
		p->x[0][i] = (nn_real) (nn_random_normal(&random) / 2);
	probe_forward(p, false);
	for (int t = 0; t < 5; t++)
		before[t] = p->y[t * 4];
	for (int s = 0; s < 5; s++)
	{
		const nn_real kept = p->x[0][s * 4];

		p->x[0][s * 4] += 1;
		probe_forward(p, false);
		for (int t = 0; t < 5; t++)
			CHECK((p->y[t * 4] != before[t]) == (sees[t][s] == 'x'), "%s %s: step %d %s step %d",
				  kind, config, t, sees[t][s] == 'x' ? "sees" : "does not see", s);
		p->x[0][s * 4] = kept;
	}
	probe_free(p);
}

static void
sights(void)
{
	static const char *const all[5] = {"xxxxx", "xxxxx", "xxxxx", "xxxxx", "xxxxx"};
	static const char *const causal[5] = {"x....", "xx...", "xxx..", "xxxx.", "xxxxx"};
	static const char *const window[5] = {"xx...", "xxx..", ".xxx.", "..xxx", "...xx"};
	static const char *const both[5] = {"x....", "xx...", ".xx..", "..xx.", "...xx"};

	seen("attention", "{}", all);
	seen("attention", "{\"use_causal_mask\": true}", causal);
	seen("additive_attention", "{\"use_causal_mask\": true}", causal);
	seen("multi_head_attention", "{\"num_heads\": 2, \"key_dim\": 3, \"use_causal_mask\": true}",
		 causal);
	seen("multi_head_attention", "{\"num_heads\": 2, \"key_dim\": 3, \"sliding_window\": 2}",
		 window);
	seen("group_query_attention",
		 "{\"head_dim\": 3, \"num_query_heads\": 2, \"num_key_value_heads\": 1, "
		 "\"use_causal_mask\": true, \"sliding_window\": 2, \"dropout\": 0.2}",
		 both);
}

static void
gradients(void)
{
	static const char *const configs[][2] = {
		{"attention", "{}"},
		{"attention", "{\"use_scale\": true, \"use_causal_mask\": true}"},
		{"attention", "{\"use_scale\": true, \"score_mode\": \"concat\", \"dropout\": 0.3}"},
		{"attention", "{\"score_mode\": \"concat\"}"},
		{"additive_attention", "{}"},
		{"additive_attention", "{\"use_scale\": false, \"dropout\": 0.4, \"seed\": 3}"},
		{"multi_head_attention", "{\"num_heads\": 2, \"key_dim\": 3}"},
		{"multi_head_attention",
		 "{\"num_heads\": 3, \"key_dim\": 2, \"value_dim\": 4, \"output_shape\": [2, 3], "
		 "\"use_gate\": true, \"dropout\": 0.3, \"use_causal_mask\": true}"},
		{"multi_head_attention",
		 "{\"num_heads\": 2, \"key_dim\": 1, \"use_bias\": false, \"output_shape\": 5, "
		 "\"use_gate\": true}"},
		{"group_query_attention",
		 "{\"head_dim\": 2, \"num_query_heads\": 6, \"num_key_value_heads\": 2, \"use_gate\": "
		 "true}"},
		{"group_query_attention",
		 "{\"head_dim\": 3, \"num_query_heads\": 2, \"num_key_value_heads\": 1, \"dropout\": 0.5, "
		 "\"sliding_window\": 2}"},
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(configs); i++)
	{
		GRADCHECK(.kind = configs[i][0], .config = configs[i][1], .in = {STEPS(4, 3)}, .batch = 5);
		GRADCHECK(.kind = configs[i][0], .config = configs[i][1], .n_inputs = 2,
				  .in = {STEPS(3, 4), STEPS(5, 4)}, .batch = 5);
		GRADCHECK(.kind = configs[i][0], .config = configs[i][1], .n_inputs = 3,
				  .in = {STEPS(NN_ANY, 4), STEPS(3, 2), STEPS(3, 4)}, .steps = 4, .batch = 5,
				  .mask = GRADCHECK_BOTH);
		GRADCHECK(.kind = configs[i][0], .config = configs[i][1], .in = {STEPS(NN_ANY, 3)},
				  .steps = 5, .batch = 5, .mask = GRADCHECK_PREFIX);
		GRADCHECK(.kind = configs[i][0], .config = configs[i][1], .in = {STEPS(NN_ANY, 3)},
				  .steps = 5, .batch = 5, .mask = GRADCHECK_BOTH);
	}
	GRADCHECK(.kind = "multi_head_attention", .config = "{\"num_heads\": 2, \"key_dim\": 3}",
			  .n_inputs = 2, .in = {{3, {2, 3, 4}}, {3, {2, 2, 3}}}, .batch = 5);
	GRADCHECK(.kind = "multi_head_attention", .config = "{\"num_heads\": 2, \"key_dim\": 3}",
			  .in = {{4, {2, 3, 2, 4}}}, .batch = 5);
	GRADCHECK(.kind = "multi_head_attention", .config = "{\"num_heads\": 2, \"key_dim\": 3}",
			  .in = {{3, {NN_ANY, 2, 4}}}, .steps = 3, .batch = 5, .mask = GRADCHECK_BOTH);
	GRADCHECK(.kind = "time_distributed",
			  .config = "{\"layer\": {\"kind\": \"multi_head_attention\", \"num_heads\": 2, "
						"\"key_dim\": 3}}",
			  .in = {{3, {3, 4, 2}}}, .batch = 5);
}

static void
refused(const char *kind, const char *config, NNShape query, NNShape value, NNShape key,
		const char *part)
{
	numbers_refused_at(&(ProbeSpec){.kind = kind,
									.config = config,
									.n_inputs = 3,
									.in = {query, value, key},
									.batch = 1,
									.steps = 2},
					   part, __FILE__, __LINE__);
}

static void
refusals(void)
{
	const char *heads = "{\"num_heads\": 2, \"key_dim\": 3}";

	refused("attention", "{}", nn_shape2(3, 4), nn_shape2(5, 6), nn_shape2(4, 4),
			"its value and key have shapes (5, 6) and (4, 4)");
	refused("attention", "{}", nn_shape2(3, 4), nn_shape2(5, 6), nn_shape2(5, 3),
			"its query and key have shapes (3, 4) and (5, 3)");
	refused("attention", "{}", nn_shape3(3, 4, 2), nn_shape3(3, 4, 2), nn_shape3(3, 4, 2),
			"inputs of 2 dimensions, not (3, 4, 2)");
	refused("additive_attention", "{\"score_mode\": \"dot\"}", nn_shape2(3, 4), nn_shape2(3, 4),
			nn_shape2(3, 4), "score_mode");
	refused("multi_head_attention", heads, nn_shape2(3, 4), nn_shape3(3, 2, 4), nn_shape2(3, 4),
			"its inputs 1 and 2 have shapes (3, 4) and (3, 2, 4)");
	refused("multi_head_attention", heads, nn_shape2(3, 4), nn_shape2(NN_ANY, 4), nn_shape2(3, 4),
			"its value and key have shapes (None, 4) and (3, 4)");
	numbers_refused("attention", "{\"score_mode\": \"product\"}", nn_shape2(3, 4), "score_mode");
	numbers_refused("attention", "{\"dropout\": 1}", nn_shape2(3, 4), "dropout");
	numbers_refused("attention", "{}", nn_shape1(4), "inputs of 2 dimensions, not (4)");
	numbers_refused("multi_head_attention", "{\"num_heads\": 2}", nn_shape2(3, 4), "key_dim");
	numbers_refused("multi_head_attention", "{\"num_heads\": 2, \"key_dim\": 1048576}",
					nn_shape2(3, 4), "2 heads of 1048576 features");
	numbers_refused("multi_head_attention",
					"{\"num_heads\": 2, \"key_dim\": 3, \"output_shape\": [2, 2, 2]}",
					nn_shape3(3, 2, 4), "would have 5 dimensions");
	numbers_refused("multi_head_attention",
					"{\"num_heads\": 2, \"key_dim\": 3, \"output_shape\": [2, null]}",
					nn_shape2(3, 4), "must have no NULL");
	numbers_refused("multi_head_attention",
					"{\"num_heads\": 2, \"key_dim\": 3, \"output_shape\": [2048, 2048]}",
					nn_shape2(3, 4), "more than 1048576 values a step");
	numbers_refused("multi_head_attention",
					"{\"num_heads\": 2, \"key_dim\": 3, \"use_causal_mask\": true}",
					nn_shape3(3, 2, 4), "have no order");
	numbers_refused("multi_head_attention", "{\"num_heads\": 1048576, \"key_dim\": 1}",
					nn_shape2(1048576, 4), "memory");
	numbers_refused("group_query_attention",
					"{\"head_dim\": 2, \"num_query_heads\": 3, \"num_key_value_heads\": 2}",
					nn_shape2(3, 4), "its 3 heads of the query cannot share 2");
	numbers_refused("group_query_attention",
					"{\"head_dim\": 2, \"num_query_heads\": 4, \"num_key_value_heads\": 2}",
					nn_shape3(3, 2, 4), "inputs of 2 dimensions, not (3, 2, 4)");
}

int
main(void)
{
	hand_numbers();
	one_head();
	sights();
	gradients();
	refusals();
	return unit_done();
}
