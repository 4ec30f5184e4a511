/*
 * layer_einsum.c
 *	  einsum_dense: numbers by hand, the same as dense, gradients, refusals.
 */
#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

#define EINSUM(equation, shape, options) \
	"{\"equation\": \"" equation "\", \"output_shape\": " shape options "}"

static void
hand_numbers(void)
{
	/* y[b][a] = sum over s of x[a][s] kernel[b][a], of x (2, 2); the bias goes by b */
	Probe *p =
		probe_make(&(ProbeSpec){.kind = "einsum_dense",
								.config = EINSUM("zas,ba->zba", "[3, 2]", ", \"bias_axes\": \"b\""),
								.in = {{2, {2, 2}}},
								.batch = 2},
				   NULL);
	const NNShape kernel = nn_shape2(3, 2), bias = nn_shape2(3, 1);

	CHECK(nn_shape_equal(&p->layer->params[0].shape, &kernel) &&
			  nn_shape_equal(&p->layer->params[1].shape, &bias),
		  "the kernel's and bias's shapes");
	numbers_set(p->params, (double[]){1, 2, 3, 4, 5, 6, 100, 200, 300}, 9);
	numbers_set(p->x[0], (double[]){1, 2, 3, 4, 0, 1, 1, 0}, 8);
	probe_forward(p, true);
	numbers_check("products, summed and spread", p->y,
				  (double[]){103, 114, 209, 228, 315, 342, 101, 102, 203, 204, 305, 306}, 12, 1e-6);
	numbers_set(p->dy, (double[]){1, 0, 0, 0, 0, 2, 1, 1, 1, 1, 1, 1}, 12);
	probe_backward(p);
	numbers_check("back to all that was summed", p->dx[0], (double[]){1, 1, 12, 12, 9, 9, 12, 12},
				  8, 1e-6);
	numbers_check("to kernel and bias", p->grads, (double[]){3 + 1, 1, 1, 1, 1, 14 + 1, 3, 2, 4}, 9,
				  1e-6);
	probe_free(p);
}

/* What dense does of steps, by three equations. */
static void
as_dense(void)
{
	static const char *const configs[] = {
		EINSUM("abc,cd->abd", "[null, 4]", ", \"bias_axes\": \"d\", \"activation\": \"gelu\""),
		EINSUM("...c,cd->...d", "4", ", \"bias_axes\": \"d\", \"activation\": \"gelu\""),
		EINSUM("abc,cd->abd", "[3, 4]", ", \"bias_axes\": \"d\", \"activation\": \"gelu\""),
	};
	ProbeSpec spec = {.kind = "dense",
					  .config = "{\"units\": 4, \"activation\": \"gelu\"}",
					  .in = {{2, {3, 5}}},
					  .batch = 6};
	Probe *dense = probe_make(&spec, NULL);
	NNRandom random = nn_random(5, 5);

	for (size_t i = 0; i < dense->layer->param_size; i++)
		dense->params[i] = (nn_real) nn_random_normal(&random);
	for (int i = 0; i < 6 * 15; i++)
		dense->x[0][i] = (nn_real) nn_random_normal(&random);
	probe_forward(dense, true);
	for (int c = 0; c < NN_ARRAY_LENGTH(configs); c++)
	{
		double worst = 0;
		Probe *p;

		spec.kind = "einsum_dense";
		spec.config = configs[c];
		p = probe_make(&spec, NULL);
		nn_copy(p->params, dense->params, p->layer->param_size);
		nn_copy(p->x[0], dense->x[0], 6 * 15);
		probe_forward(p, true);
		for (int i = 0; i < 6 * 12; i++)
			worst = fmax(worst, fabs((double) (p->y[i] - dense->y[i])));
		CHECK(worst < 1e-5, "%s is dense: %g", configs[c], worst);
		probe_free(p);
	}
	probe_free(dense);
}

static void
gradients(void)
{
	static const struct
	{
		const char *config;
		NNShape in;
	} cases[] = {
		{EINSUM("ab,bc->ac", "[3]", ", \"bias_axes\": \"c\", \"activation\": \"silu\""), {1, {4}}},
		{EINSUM("abc,cde->abde", "[null, 2, 3]", ", \"bias_axes\": \"d\""), {2, {3, 4}}},
		{EINSUM("abc,bcd->ad", "5", ""), {2, {3, 4}}},
		{EINSUM("abc,bcd->abd", "[3, 5]", ", \"bias_axes\": \"bd\""), {2, {3, 4}}},
		{EINSUM("abc,bd->adc", "[5, null]", ", \"bias_axes\": \"d\", \"activation\": \"softmax\""),
		 {2, {3, 4}}},
		{EINSUM("abcd,dbe->aceb", "[null, 2, 3]", ", \"bias_axes\": \"c\""), {3, {3, 2, 4}}},
		{EINSUM("ab...,bc->ac...", "5", ", \"bias_axes\": \"c\""), {3, {3, 2, 4}}},
		{EINSUM("...x,xy->...y", "5", ", \"bias_axes\": \"y\", \"activation\": \"tanh\""),
		 {3, {3, 2, 4}}},
		{EINSUM("abc,d->ad", "5", ""), {2, {3, 4}}},
		{EINSUM("abc,b->abc", "[3, 4]", ", \"bias_axes\": \"bc\""), {2, {3, 4}}},
		{EINSUM("abc,c->ab", "[3]", ""), {2, {3, 4}}},
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(cases); i++)
		GRADCHECK(.kind = "einsum_dense", .config = cases[i].config, .in = {cases[i].in},
				  .batch = 5);
	GRADCHECK(.kind = "einsum_dense",
			  .config = EINSUM("abc,cde->abde", "[null, 2, 3]", ", \"bias_axes\": \"de\""),
			  .in = {{2, {NN_ANY, 4}}}, .steps = 3, .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "spectral_normalization",
			  .config = "{\"layer\": {\"kind\": \"einsum_dense\", \"equation\": \"abc,cd->abd\", "
						"\"output_shape\": [null, 2], \"bias_axes\": \"d\"}}",
			  .in = {{2, {3, 4}}}, .batch = 5);
}

static void
refusals(void)
{
	static const struct
	{
		const char *config, *part;
		NNShape in;
	} cases[] = {
		{EINSUM("ab,bc", "3", ""), "\"ab,bc\" cannot be read", {1, {4}}},
		{EINSUM("", "3", ""), "cannot be read", {1, {4}}},
		{EINSUM("ab,bc->ac ", "3", ""), "cannot be read", {1, {4}}},
		{EINSUM("aab,bc->ac", "3", ""), "cannot be read", {2, {4, 4}}},
		{EINSUM("ab,...c->ac", "3", ""), "cannot be read", {1, {4}}},
		{EINSUM("...b,bc->c...", "3", ""), "cannot be read", {1, {4}}},
		{EINSUM("abcdefg,bc->ac", "3", ""), "cannot be read", {1, {4}}},
		{EINSUM("ab,bc->ca", "3", ""), "does not keep its first letter", {1, {4}}},
		{EINSUM("ab,ac->ac", "3", ""), "does not keep its first letter", {1, {4}}},
		{EINSUM("abc,cd->abd", "3", ""), "does not fit its input (4)", {1, {4}}},
		{EINSUM("ab,bc->ac", "3", ""), "does not fit its input (4, 3)", {2, {4, 3}}},
		{EINSUM("...bcd,bc->...bc", "[3, 4]", ""), "does not fit its input (4, 3)", {2, {4, 3}}},
		{EINSUM("ab,bcd->ac", "3", ""), "a letter of the kernel alone", {1, {4}}},
		{EINSUM("ab,bc->acd", "[3, 4]", ""), "a letter of the output alone", {1, {4}}},
		{EINSUM("ab,bc->ac", "[3, 4]", ""), "fewer letters in its output than", {1, {4}}},
		{EINSUM("abc,cd->abd", "4", ""), "more letters in its output than", {2, {4, 3}}},
		{EINSUM("abc,cd->abd", "[5, 3]", ""), "shares a dimension", {2, {4, 3}}},
		{EINSUM("ab,bc->ac", "[null]", ""), "has a NULL", {1, {4}}},
		{EINSUM("abc,bcd->ad", "3", ""), "whose size is variable", {2, {NN_ANY, 3}}},
		{EINSUM("abc,cd->ad", "3", ""), "variable first dimension", {2, {NN_ANY, 3}}},
		{EINSUM("abc,cd->adb", "[3, null]", ""), "variable first dimension", {2, {NN_ANY, 3}}},
		{EINSUM("ab,bc->ac", "3", ", \"bias_axes\": \"b\""), "each of bias_axes", {1, {4}}},
		{EINSUM("abc,cd->abd", "[null, 3]", ", \"bias_axes\": \"bd\""),
		 "each of bias_axes",
		 {2, {NN_ANY, 3}}},
		{EINSUM("ab,b->a", "3", ""), "fewer letters", {1, {4}}},
		{EINSUM("abcd,efg->abcdefg", "[3, 4, 5, 2, 2, 2]", ""), "", {3, {3, 4, 5}}},
		{EINSUM("ab,bc->ac", "3", ", \"bias_axes\": 3"), "must be a text", {1, {4}}},
		{EINSUM("ab,bc->ac", "3",
				", \"bias_axes\": "
				"\"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\""),
		 "at most 63 bytes",
		 {1, {4}}},
		{EINSUM("ab,bc->ac", "1048576", ""), "", {1, {1048576}}},
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(cases); i++)
		numbers_refused("einsum_dense", cases[i].config, cases[i].in, cases[i].part);
}

int
main(void)
{
	hand_numbers();
	as_dense();
	gradients();
	refusals();
	return unit_done();
}
