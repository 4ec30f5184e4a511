/*
 * activation.c
 *	  y = f(z) element by element; those over rows are in activation_rows.c.
 *
 * forward overwrites z (n) with y.  backward overwrites dy (n) with
 * dz = dy f'(z), from y where that is enough, so that z need not be kept.
 * Definitions are those of Keras 3.  A kind is one row of the table below.
 */
#include <stddef.h>

#include "core/kernels/activation_rows.h"
#include "core/kernels/math_inline.h"

#define LEAKY_SLOPE ((nn_real) 0.2)
#define SELU_SCALE ((nn_real) 1.0507009873554805)
#define SELU_SCALE_ALPHA ((nn_real) 1.7580993408473766)
#define SQRT_HALF_PI ((nn_real) 0.39894228040143268) /* 1 / sqrt(2 pi) */

const NNWord nn_activation_words[] = {
	{"linear", NN_LINEAR},
	{"relu", NN_RELU},
	{"relu6", NN_RELU6},
	{"leaky_relu", NN_LEAKY_RELU},
	{"elu", NN_ELU},
	{"celu", NN_ELU},
	{"selu", NN_SELU},
	{"gelu", NN_GELU},
	{"silu", NN_SILU},
	{"swish", NN_SILU},
	{"softplus", NN_SOFTPLUS},
	{"softsign", NN_SOFTSIGN},
	{"tanh", NN_TANH},
	{"sigmoid", NN_SIGMOID},
	{"hard_sigmoid", NN_HARD_SIGMOID},
	{"exponential", NN_EXPONENTIAL},
	{"hard_shrink", NN_HARD_SHRINK},
	{"hard_silu", NN_HARD_SILU},
	{"hard_swish", NN_HARD_SILU},
	{"hard_tanh", NN_HARD_TANH},
	{"log_sigmoid", NN_LOG_SIGMOID},
	{"mish", NN_MISH},
	{"soft_shrink", NN_SOFT_SHRINK},
	{"sparse_plus", NN_SPARSE_PLUS},
	{"sparse_sigmoid", NN_SPARSE_SIGMOID},
	{"squareplus", NN_SQUAREPLUS},
	{"tanh_shrink", NN_TANH_SHRINK},
	{"softmax", NN_SOFTMAX},
	{"log_softmax", NN_LOG_SOFTMAX},
	{"sparsemax", NN_SPARSEMAX},
	{NULL, 0},
};

/* Define a loop z = f(x), x being the old value. */
#define FORWARD(name, result)                                                    \
	static NN_HOT(void, name##_forward, (nn_real *restrict z, size_t n), (z, n)) \
	{                                                                            \
		for (size_t i = 0; i < n; i++)                                           \
		{                                                                        \
			nn_real x = z[i];                                                    \
                                                                                 \
			z[i] = (result);                                                     \
		}                                                                        \
	}

/* Define a loop dy *= f', from `known`: y or z. */
#define BACKWARD(name, known, derivative)                                             \
	static NN_HOT(void, name##_backward,                                              \
				  (const nn_real *restrict known##s, nn_real *restrict dy, size_t n), \
				  (known##s, dy, n))                                                  \
	{                                                                                 \
		for (size_t i = 0; i < n; i++)                                                \
		{                                                                             \
			nn_real known = known##s[i];                                              \
                                                                                      \
			dy[i] *= (derivative);                                                    \
		}                                                                             \
	}

FORWARD(relu, nn_at_least(x, 0))
BACKWARD(relu, y, y > 0 ? 1 : 0)

FORWARD(relu6, nn_at_most(nn_at_least(x, 0), 6))
BACKWARD(relu6, y, y > 0 && y < 6 ? 1 : 0)

FORWARD(leaky_relu, x < 0 ? LEAKY_SLOPE * x : x)
BACKWARD(leaky_relu, y, y > 0 ? 1 : LEAKY_SLOPE)

FORWARD(elu, x < 0 ? nn_expm1(x) : x)
BACKWARD(elu, y, y < 0 ? y + 1 : 1)

FORWARD(selu, x < 0 ? SELU_SCALE_ALPHA * nn_expm1(x) : SELU_SCALE * x)
BACKWARD(selu, y, y < 0 ? y + SELU_SCALE_ALPHA : SELU_SCALE)

FORWARD(softplus, nn_log1p_exp(x))
BACKWARD(softplus, y, -nn_expm1(-y))

FORWARD(softsign, x / (1 + nn_abs(x)))
BACKWARD(softsign, y, (1 - nn_abs(y)) * (1 - nn_abs(y)))

FORWARD(tanh, nn_tanh(x))
BACKWARD(tanh, y, 1 - y * y)

FORWARD(sigmoid, nn_sigmoid(x))
BACKWARD(sigmoid, y, y *(1 - y))

FORWARD(hard_sigmoid, nn_at_most(nn_at_least(x + 3, 0), 6) / 6)
BACKWARD(hard_sigmoid, y, y > 0 && y < 1 ? (nn_real) 1 / 6 : 0)

FORWARD(exponential, nn_exp(x))
BACKWARD(exponential, y, y)

/* z Phi(z), Phi the normal distribution; its derivative Phi(z) + z phi(z) */
#define DENSITY(x) nn_exp((nn_real) -0.5 * (x) * (x))
FORWARD(gelu, x *nn_normal_share(x, DENSITY(x)))
BACKWARD(gelu, z, nn_normal_share(z, DENSITY(z)) + z * SQRT_HALF_PI * DENSITY(z))

/* z s, s the sigmoid; its derivative s (1 + z (1 - s)) */
FORWARD(silu, x *nn_sigmoid(x))
BACKWARD(silu, z, nn_sigmoid(z) * (1 + z * nn_sigmoid(-z)))

#define ELEMENTS(name, needs_z)                              \
	{                                                        \
		name##_forward, name##_backward, needs_z, NULL, NULL \
	}
#define ROWS(name)                                                   \
	{                                                                \
		NULL, NULL, false, nn_##name##_forward, nn_##name##_backward \
	}

#define SHRINK ((nn_real) 0.5)
FORWARD(hard_shrink, x >= -SHRINK && x <= SHRINK ? 0 : x)
BACKWARD(hard_shrink, y, y == 0 ? 0 : 1)

FORWARD(soft_shrink, x >= -SHRINK && x <= SHRINK ? 0 : x > 0 ? x - SHRINK : x + SHRINK)
BACKWARD(soft_shrink, y, y == 0 ? 0 : 1)

FORWARD(hard_silu, x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6)
BACKWARD(hard_silu, z, z <= -3 ? 0 : z >= 3 ? 1 : (2 * z + 3) / 6)

FORWARD(hard_tanh, nn_at_most(nn_at_least(x, -1), 1))
BACKWARD(hard_tanh, y, y > -1 && y < 1 ? 1 : 0)

FORWARD(log_sigmoid, -nn_log1p_exp(-x))
BACKWARD(log_sigmoid, y, -nn_expm1(y))

/* z t, t = tanh(softplus(z)); its derivative t + z (1 - t^2) sigmoid(z) */
#define SOFT_SIGN(x) nn_tanh(nn_log1p_exp(x))
FORWARD(mish, x *SOFT_SIGN(x))
BACKWARD(mish, z, SOFT_SIGN(z) + z * (1 - SOFT_SIGN(z) * SOFT_SIGN(z)) * nn_sigmoid(z))

/* (z + 1)^2 / 4 from -1 to 1, whose derivative is sqrt(y) */
FORWARD(sparse_plus, x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4)
BACKWARD(sparse_plus, y, y <= 0 ? 0 : y >= 1 ? 1 : nn_sqrt(y))

FORWARD(sparse_sigmoid, nn_at_most(nn_at_least(x + 1, 0), 2) / 2)
BACKWARD(sparse_sigmoid, y, y > 0 && y < 1 ? (nn_real) 0.5 : 0)

/*
 * (z + s) / 2, s = sqrt(z^2 + 4), which of negative z is 2 / (s - z) without a
 * difference; z = y - 1 / y, and so the derivative y^2 / (y^2 + 1).
 */
#define FAR ((nn_real) 1e9)
#define ROOT(x) (nn_abs(x) > FAR ? nn_abs(x) : nn_sqrt((x) * (x) + 4))
FORWARD(squareplus, x < 0 ? 2 / (ROOT(x) - x) : (x + ROOT(x)) / 2)
BACKWARD(squareplus, y, y > 1 ? 1 / (1 + 1 / y / y) : y * y / (y * y + 1))

FORWARD(tanh_shrink, x - nn_tanh(x))
BACKWARD(tanh_shrink, z, nn_tanh(z) * nn_tanh(z))

static const struct
{
	void (*forward)(nn_real *z, size_t n);
	void (*backward)(const nn_real *known, nn_real *dy, size_t n);
	bool needs_z; /* known is z, not y */
	/* instead: over rows */
	void (*rows_forward)(nn_real *z, size_t rows, size_t width);
	void (*rows_backward)(const nn_real *y, nn_real *dy, size_t rows, size_t width);
} activations[NN_ACTIVATION_COUNT] = {
	[NN_LINEAR] = {NULL, NULL, false, NULL, NULL},
	[NN_RELU] = ELEMENTS(relu, false),
	[NN_RELU6] = ELEMENTS(relu6, false),
	[NN_LEAKY_RELU] = ELEMENTS(leaky_relu, false),
	[NN_ELU] = ELEMENTS(elu, false),
	[NN_SELU] = ELEMENTS(selu, false),
	[NN_GELU] = ELEMENTS(gelu, true),
	[NN_SILU] = ELEMENTS(silu, true),
	[NN_SOFTPLUS] = ELEMENTS(softplus, false),
	[NN_SOFTSIGN] = ELEMENTS(softsign, false),
	[NN_TANH] = ELEMENTS(tanh, false),
	[NN_SIGMOID] = ELEMENTS(sigmoid, false),
	[NN_HARD_SIGMOID] = ELEMENTS(hard_sigmoid, false),
	[NN_EXPONENTIAL] = ELEMENTS(exponential, false),
	[NN_HARD_SHRINK] = ELEMENTS(hard_shrink, false),
	[NN_HARD_SILU] = ELEMENTS(hard_silu, true),
	[NN_HARD_TANH] = ELEMENTS(hard_tanh, false),
	[NN_LOG_SIGMOID] = ELEMENTS(log_sigmoid, false),
	[NN_MISH] = ELEMENTS(mish, true),
	[NN_SOFT_SHRINK] = ELEMENTS(soft_shrink, false),
	[NN_SPARSE_PLUS] = ELEMENTS(sparse_plus, false),
	[NN_SPARSE_SIGMOID] = ELEMENTS(sparse_sigmoid, false),
	[NN_SQUAREPLUS] = ELEMENTS(squareplus, false),
	[NN_TANH_SHRINK] = ELEMENTS(tanh_shrink, true),
	[NN_SOFTMAX] = ROWS(softmax),
	[NN_LOG_SOFTMAX] = ROWS(log_softmax),
	[NN_SPARSEMAX] = ROWS(sparsemax),
};

void
nn_activate(NNActivation f, nn_real *z, size_t n, size_t width)
{
	if (activations[f].rows_forward != NULL && n > 0)
		activations[f].rows_forward(z, n / width, width);
	else if (activations[f].forward != NULL)
		activations[f].forward(z, n);
}

bool
nn_activation_needs_z(NNActivation f)
{
	return activations[f].needs_z;
}

bool
nn_activation_by_rows(NNActivation f)
{
	return activations[f].rows_forward != NULL;
}

const char *
nn_activation_name(NNActivation f)
{
	for (const NNWord *word = nn_activation_words; word->name != NULL; word++)
		if (word->value == (int) f)
			return word->name;
	return "";
}

void
nn_activate_backward(NNActivation f, const nn_real *z, const nn_real *y, nn_real *dy, size_t n,
					 size_t width)
{
	if (activations[f].rows_backward != NULL && n > 0)
		activations[f].rows_backward(y, dy, n / width, width);
	else if (activations[f].backward != NULL)
		activations[f].backward(activations[f].needs_z ? z : y, dy, n);
}
