/*
 * layer_nan.c
 *	  A NaN anywhere in a layer's input comes out of it, and out of every
 *	  activation and loss: else what went wrong inside would be a plain number
 *	  at the end.  Every kind there is has a line here.
 */
#include <stdlib.h>

#include "core/layers/kinds.h"
#include "core/losses/loss.h"
#include "test/unit/numbers.h"

#define IMAGE            \
	{                    \
		{                \
			3,           \
			{            \
				6, 4, 18 \
			}            \
		}                \
	}
#define ROW        \
	{              \
		{          \
			1,     \
			{      \
				37 \
			}      \
		}          \
	}
#define STEPS         \
	{                 \
		{             \
			2,        \
			{         \
				6, 18 \
			}         \
		}             \
	}

#define VOLUME              \
	{                       \
		{                   \
			4,              \
			{               \
				3, 4, 5, 10 \
			}               \
		}                   \
	}

#define COLORS          \
	{                   \
		{               \
			3,          \
			{           \
				4, 5, 3 \
			}           \
		}               \
	}

/* Of one layer's input each element is NaN once. */
static const ProbeSpec specs[] = {
	{.kind = "rescaling", .config = "{\"scale\": 2}", .in = ROW},
	{.kind = "normalization", .in = ROW},
	{.kind = "dense", .config = "{\"units\": 5, \"activation\": \"relu\"}", .in = ROW},
	{.kind = "leaky_relu", .in = ROW},
	{.kind = "elu", .in = ROW},
	{.kind = "relu", .config = "{\"max_value\": 1}", .in = ROW},
	{.kind = "relu", .config = "{\"negative_slope\": 0.1}", .in = ROW},
	{.kind = "prelu", .in = ROW},
	{.kind = "softmax", .config = "{\"axis\": 1}", .in = STEPS},
	{.kind = "identity", .in = ROW},
	{.kind = "activity_regularization", .in = ROW},
	{.kind = "flatten", .in = STEPS},
	{.kind = "reshape", .config = "{\"target_shape\": [18, 6]}", .in = STEPS},
	{.kind = "dropout", .config = "{\"rate\": 0.5}", .in = ROW},
	{.kind = "alpha_dropout", .config = "{\"rate\": 0.5}", .in = ROW},
	{.kind = "gaussian_dropout", .config = "{\"rate\": 0.5}", .in = ROW},
	{.kind = "gaussian_noise", .config = "{\"stddev\": 0.5}", .in = ROW},
	{.kind = "batch_normalization", .in = STEPS},
	{.kind = "layer_normalization", .in = STEPS},
	{.kind = "group_normalization", .config = "{\"groups\": 3}", .in = STEPS},
	{.kind = "rms_normalization", .in = STEPS},
	{.kind = "unit_normalization", .config = "{\"axis\": 1}", .in = STEPS},
	{.kind = "add", .n_inputs = 2, .in = {{1, {37}}, {1, {37}}}},
	{.kind = "subtract", .n_inputs = 2, .in = {{1, {37}}, {1, {37}}}},
	{.kind = "multiply", .n_inputs = 2, .in = {{1, {37}}, {1, {37}}}},
	{.kind = "average", .n_inputs = 2, .in = {{1, {37}}, {1, {37}}}},
	{.kind = "maximum", .n_inputs = 2, .in = {{1, {37}}, {1, {37}}}},
	{.kind = "minimum", .n_inputs = 2, .in = {{1, {37}}, {1, {37}}}},
	{.kind = "concatenate", .n_inputs = 2, .in = {{1, {37}}, {1, {37}}}},
	{.kind = "dot", .config = "{\"axes\": 1}", .n_inputs = 2, .in = {{1, {37}}, {1, {37}}}},
	{.kind = "einsum_dense",
	 .config = "{\"equation\": \"abc,bd->adc\", \"output_shape\": [5, 18]}",
	 .in = STEPS},
	{.kind = "spectral_normalization",
	 .config = "{\"layer\": {\"kind\": \"dense\", \"units\": 5}}",
	 .in = ROW},
	{.kind = "conv_lstm1d", .config = "{\"filters\": 2, \"kernel_size\": 2}", .in = IMAGE},
	{.kind = "conv_lstm2d", .config = "{\"filters\": 2, \"kernel_size\": 2}", .in = VOLUME},
	{.kind = "attention", .in = STEPS},
	{.kind = "additive_attention", .in = STEPS},
	{.kind = "multi_head_attention", .config = "{\"num_heads\": 2, \"key_dim\": 5}", .in = STEPS},
	{.kind = "group_query_attention",
	 .config = "{\"head_dim\": 5, \"num_query_heads\": 4, \"num_key_value_heads\": 2}",
	 .in = STEPS},
	{.kind = "conv1d", .config = "{\"filters\": 4, \"kernel_size\": 3}", .in = STEPS},
	{.kind = "conv2d", .config = "{\"filters\": 4, \"kernel_size\": 3}", .in = IMAGE},
	{.kind = "conv3d", .config = "{\"filters\": 4, \"kernel_size\": 2}", .in = VOLUME},
	{.kind = "conv3d_transpose", .config = "{\"filters\": 4, \"kernel_size\": 2}", .in = VOLUME},
	{.kind = "depthwise_conv1d", .config = "{\"kernel_size\": 3}", .in = STEPS},
	{.kind = "separable_conv1d", .config = "{\"filters\": 4, \"kernel_size\": 3}", .in = STEPS},
	{.kind = "max_pooling3d", .config = "{\"pool_size\": [3, 2, 1]}", .in = VOLUME},
	{.kind = "average_pooling3d", .config = "{\"pool_size\": [3, 2, 1]}", .in = VOLUME},
	{.kind = "global_max_pooling3d", .in = VOLUME},
	{.kind = "global_average_pooling3d", .in = VOLUME},
	{.kind = "adaptive_max_pooling1d", .config = "{\"output_size\": 4}", .in = STEPS},
	{.kind = "adaptive_max_pooling2d", .config = "{\"output_size\": 3}", .in = IMAGE},
	{.kind = "adaptive_max_pooling3d", .config = "{\"output_size\": 2}", .in = VOLUME},
	{.kind = "adaptive_average_pooling1d", .config = "{\"output_size\": 4}", .in = STEPS},
	{.kind = "adaptive_average_pooling2d", .config = "{\"output_size\": 3}", .in = IMAGE},
	{.kind = "adaptive_average_pooling3d", .config = "{\"output_size\": 2}", .in = VOLUME},
	{.kind = "zero_padding1d", .in = STEPS},
	{.kind = "zero_padding3d", .in = VOLUME},
	{.kind = "upsampling1d", .in = STEPS},
	{.kind = "upsampling2d", .config = "{\"interpolation\": \"bicubic\"}", .in = IMAGE},
	{.kind = "upsampling3d", .in = VOLUME},
	{.kind = "resizing",
	 .config = "{\"height\": 7, \"width\": 5, \"interpolation\": \"area\"}",
	 .in = IMAGE},
	{.kind = "resizing",
	 .config = "{\"height\": 7, \"width\": 5, \"pad_to_aspect_ratio\": true, \"fill_value\": 2}",
	 .in = IMAGE},
	{.kind = "center_crop", .config = "{\"height\": 6, \"width\": 4}", .in = IMAGE},
	{.kind = "random_crop", .config = "{\"height\": 6, \"width\": 4}", .in = IMAGE},
	{.kind = "random_rotation", .config = "{\"factor\": 0.1}", .in = IMAGE},
	{.kind = "random_zoom", .config = "{\"height_factor\": 0.1}", .in = IMAGE},
	{.kind = "random_shear", .config = "{\"x_factor\": 0.1}", .in = IMAGE},
	{.kind = "random_brightness", .config = "{\"factor\": 0.1}", .in = IMAGE},
	{.kind = "random_contrast", .config = "{\"factor\": 0.1}", .in = IMAGE},
	{.kind = "random_invert", .in = IMAGE},
	{.kind = "random_grayscale", .in = COLORS},
	{.kind = "random_saturation", .config = "{\"factor\": 0.1}", .in = COLORS},
	{.kind = "random_hue", .config = "{\"factor\": 0.1}", .in = COLORS},
	{.kind = "random_erasing", .in = IMAGE},
	{.kind = "conv1d_transpose", .config = "{\"filters\": 4, \"kernel_size\": 3}", .in = STEPS},
	{.kind = "conv2d_transpose", .config = "{\"filters\": 4, \"kernel_size\": 3}", .in = IMAGE},
	{.kind = "depthwise_conv2d", .config = "{\"kernel_size\": 3}", .in = IMAGE},
	{.kind = "separable_conv2d", .config = "{\"filters\": 4, \"kernel_size\": 3}", .in = IMAGE},
	{.kind = "max_pooling1d", .in = STEPS},
	{.kind = "max_pooling2d", .in = IMAGE},
	{.kind = "max_pooling2d", .config = "{\"pool_size\": 3, \"strides\": 1}", .in = IMAGE},
	{.kind = "average_pooling1d", .in = STEPS},
	{.kind = "average_pooling2d", .in = IMAGE},
	{.kind = "global_max_pooling1d", .in = STEPS},
	{.kind = "global_max_pooling2d", .in = IMAGE},
	{.kind = "global_average_pooling1d", .in = STEPS},
	{.kind = "global_average_pooling2d", .in = IMAGE},
	{.kind = "zero_padding2d", .in = IMAGE},
	{.kind = "upsampling2d", .config = "{\"interpolation\": \"bilinear\"}", .in = IMAGE},
	{.kind = "spatial_dropout1d", .config = "{\"rate\": 0.5}", .in = STEPS},
	{.kind = "spatial_dropout2d", .config = "{\"rate\": 0.5}", .in = IMAGE},
	{.kind = "spatial_dropout3d", .config = "{\"rate\": 0.5}", .in = VOLUME},
	{.kind = "random_flip", .in = IMAGE},
	{.kind = "random_translation",
	 .config = "{\"height_factor\": 0.1, \"width_factor\": 0.1}",
	 .in = IMAGE},
	{.kind = "masking", .in = STEPS},
	{.kind = "simple_rnn", .config = "{\"units\": 5}", .in = STEPS},
	{.kind = "lstm", .config = "{\"units\": 5}", .in = STEPS},
	{.kind = "gru", .config = "{\"units\": 5}", .in = STEPS},
	{.kind = "bidirectional",
	 .config = "{\"layer\": {\"kind\": \"gru\", \"units\": 3}}",
	 .in = STEPS},
	{.kind = "time_distributed",
	 .config = "{\"layer\": {\"kind\": \"dense\", \"units\": 3}}",
	 .in = STEPS},
	{.kind = "repeat_vector", .config = "{\"n\": 3}", .in = ROW},
	{.kind = "permute", .config = "{\"dims\": [2, 1]}", .in = STEPS},
};

/*
 * Ids and texts are checked before they get there; cropping loses what it cuts off;
 * a bin has no NaN, which gets there by a fault of another layer alone; and what is
 * missing is what imputation is for.
 */
static const char *const exempt[] = {
	"input",	  "text_vectorization", "string_lookup",	 "integer_lookup",
	"hashing",	  "date_features",		"embedding",		 "cropping1d",
	"cropping2d", "cropping3d",			"category_encoding", "discretization",
	"imputation", "missing_indicator",
};

static void
fill(nn_real *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = (nn_real) ((double) ((i * 7919) % 101) / 50.0 - 1.0);
}

/* Of both samples and all inputs; what one sample hides the other must not. */
static void
check_layer(const ProbeSpec *from, const char *activation)
{
	ProbeSpec spec = *from;
	Probe *p;
	size_t lost = 0;

	spec.batch = 2;
	p = probe_make(&spec, NULL);
	fill(p->params, p->layer->param_size);
	for (int i = 0; i < p->n_inputs; i++)
		fill(p->x[i], 2 * p->in_size[i]);
	for (int i = 0; i < p->n_inputs; i++)
		for (size_t k = 0; k < 2 * p->in_size[i]; k++)
		{
			nn_real before = p->x[i][k];

			p->x[i][k] = (nn_real) NAN;
			probe_forward(p, false);
			lost += nn_all_finite(p->y + (k < p->in_size[i] ? 0 : p->out_size), p->out_size);
			p->x[i][k] = before;
		}
	CHECK(lost == 0, "%s%s: a NaN comes out, wherever it goes in (lost: %zu)", spec.kind,
		  activation, lost);
	probe_free(p);
}

static void
all_kinds(void)
{
	const char *name;

	for (int k = 0; (name = nn_kind_name(k)) != NULL; k++)
	{
		bool known = strcmp(name, "activation") == 0;

		for (int i = 0; i < NN_ARRAY_LENGTH(exempt); i++)
			known = known || strcmp(name, exempt[i]) == 0;
		for (int i = 0; i < NN_ARRAY_LENGTH(specs); i++)
			if (strcmp(name, specs[i].kind) == 0)
			{
				known = true;
				check_layer(&specs[i], "");
			}
		CHECK(known, "%s has a line here", name);
	}
	for (const NNWord *word = nn_activation_words; word->name != NULL; word++)
	{
		char config[64], what[64];

		snprintf(config, sizeof(config), "{\"activation\": \"%s\"}", word->name);
		snprintf(what, sizeof(what), " %s", word->name);
		check_layer(&(ProbeSpec){.kind = "activation", .config = config, .in = ROW}, what);
	}
}

/* Each element of outputs of 5 classes, in 3 rows; from logits where the loss takes them. */
static void
check_loss(const NNLossKind *loss, bool logits)
{
	enum
	{
		ROWS = 3,
		WIDTH = 5,
		N = ROWS * WIDTH
	};
	nn_real y[N], dy[N];
	float target[N] = {0};
	int32_t index[ROWS] = {0, 1, 2};
	int lost = 0;
	nn_real *scratch;
	NNLoss whole;

	nn_loss_set(&whole, loss);
	scratch = malloc(nn_loss_room(&whole, 1) * sizeof(nn_real) + 1);
	for (int i = 0; i < ROWS; i++)
		target[i * WIDTH + index[i]] = 1;
	for (int i = 0; i < N; i++)
	{
		NNLossPass pass = {.rows = ROWS,
						   .width = WIDTH,
						   .sample_rows = 1,
						   .y = y,
						   .logits = logits,
						   .dy = dy,
						   .scratch = scratch,
						   .conf = nn_loss_conf(&whole)};

		if (nn_loss_target(loss) == NN_TARGET_INDEX)
			pass.index = index;
		else
			pass.target = target;
		for (int k = 0; k < N; k++)
			y[k] = (nn_real) 0.2;
		y[i] = (nn_real) NAN;
		lost += isfinite(loss->run(&pass)) != 0;
	}
	CHECK(lost == 0, "%s%s: a NaN among outputs is a loss that is no number (lost: %d)", loss->name,
		  logits ? " from logits" : "", lost);
	free(scratch);
}

static void
all_losses(void)
{
	char names[1024];
	int n = 0;

	nn_losses_list(names, sizeof(names));
	for (char *name = strtok(names, ", "); name != NULL; name = strtok(NULL, ", "))
	{
		const NNLossKind *loss = nn_loss_find(name);

		n++;
		check_loss(loss, false);
		if (loss->fused != NN_LINEAR)
			check_loss(loss, true);
	}
	CHECK(n > 10, "all losses were listed");
}

int
main(void)
{
	all_kinds();
	all_losses();
	return unit_done();
}
