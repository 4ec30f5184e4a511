/*
 * kernels_activation.c
 *	  Activations against Keras's values and derivatives, against finite
 *	  differences, at extremes; in float the inline functions against libm over
 *	  numbers of every magnitude.
 */
#include <float.h>
#include <string.h>

#include "core/kernels/kernels.h"
#include "core/kernels/math_inline.h"
#include "unit.h"

#define WIDTH 6

/* Keras's y and dy/dx times the weights below, at the points below. */
typedef struct Known
{
	NNActivation f;
	double y[WIDTH];
	double dz[WIDTH];
} Known;

static const double points[WIDTH] = {-3.5, -2.5, -0.5, 0.25, 2.0, 7.0};
static const double weights[WIDTH] = {1, -2, 0.5, 3, -1, 0.25};

static const Known known[] = {
	{NN_LINEAR, {-3.5, -2.5, -0.5, 0.25, 2, 7}, {1, -2, 0.5, 3, -1, 0.25}},
	{NN_RELU, {0, 0, 0, 0.25, 2, 7}, {0, 0, 0, 3, -1, 0.25}},
	{NN_RELU6, {0, 0, 0, 0.25, 2, 6}, {0, 0, 0, 3, -1, 0}},
	{NN_LEAKY_RELU, {-0.7, -0.5, -0.1, 0.25, 2, 7}, {0.2, -0.4, 0.1, 3, -1, 0.25}},
	{NN_ELU,
	 {-0.9698026166, -0.9179150014, -0.3934693403, 0.25, 2, 7},
	 {0.03019738342, -0.1641699972, 0.3032653299, 3, -1, 0.25}},
	{NN_SELU,
	 {-1.705009341, -1.613785759, -0.6917581878, 0.2626752468, 2.101401975, 7.354906911},
	 {0.05308999989, -0.2886271639, 0.5331705765, 3.152102962, -1.050700987, 0.2626752468}},
	{NN_GELU,
	 {-0.0008142017766, -0.01552416331, -0.1542687694, 0.1496765814, 1.954499736, 7},
	 {-0.002821760354, 0.07522217182, 0.06625243767, 2.086120065, -1.085231801, 0.25}},
	{NN_SILU,
	 {-0.1025928076, -0.1896454501, -0.1887703344, 0.1405441252, 1.761594156, 6.993622642},
	 {-0.07027335283, 0.1988022227, 0.1300194063, 1.871130065, -1.090784249, 0.2513651243}},
	{NN_SOFTPLUS,
	 {0.02975041827, 0.07888973429, 0.4740769842, 0.8259394199, 2.126928011, 7.000911466},
	 {0.02931223075, -0.15171636, 0.1887703344, 1.686529503, -0.880797078, 0.2497722372}},
	{NN_SOFTSIGN,
	 {-0.7777777778, -0.7142857143, -0.3333333333, 0.2, 0.6666666667, 0.875},
	 {0.04938271605, -0.1632653061, 0.2222222222, 1.92, -0.1111111111, 0.00390625}},
	{NN_TANH,
	 {-0.9981778976, -0.9866142982, -0.4621171573, 0.2449186624, 0.9640275801, 0.9999983369},
	 {0.00364088472, -0.05318445337, 0.3932238665, 2.820044546, -0.07065082485, 8.315273362e-07}},
	{NN_SIGMOID,
	 {0.02931223075, 0.07585818002, 0.3775406688, 0.5621765009, 0.880797078, 0.9990889488},
	 {0.02845302388, -0.1402074331, 0.1175018561, 0.7384022482, -0.1049935854, 0.000227555295}},
	{NN_HARD_SIGMOID,
	 {0, 0.08333333333, 0.4166666667, 0.5416666667, 0.8333333333, 1},
	 {0, -0.3333333333, 0.08333333333, 0.5, -0.1666666667, 0}},
	{NN_EXPONENTIAL,
	 {0.03019738342, 0.08208499862, 0.6065306597, 1.284025417, 7.389056099, 1096.633158},
	 {0.03019738342, -0.1641699972, 0.3032653299, 3.85207625, -7.389056099, 274.1582896}},
	{NN_HARD_SHRINK, {-3.5, -2.5, 0, 0, 2, 7}, {1, -2, 0, 0, -1, 0.25}},
	{NN_HARD_SILU,
	 {0, -0.2083333333, -0.2083333333, 0.1354166667, 1.666666667, 7},
	 {0, 0.6666666667, 0.1666666667, 1.75, -1.166666667, 0.25}},
	{NN_HARD_TANH, {-1, -1, -0.5, 0.25, 1, 1}, {0, 0, 0.5, 3, 0, 0}},
	{NN_LOG_SIGMOID,
	 {-3.529750418, -2.578889734, -0.9740769842, -0.5759394199, -0.126928011, -0.0009114664538},
	 {0.9706877692, -1.84828364, 0.3112296656, 1.313470497, -0.119202922, 0.0002277627986}},
	{NN_MISH,
	 {-0.1040957545, -0.1968162039, -0.2207437747, 0.1695724097, 1.94395896, 6.99998838},
	 {-0.07276041344, 0.2194871455, 0.144755339, 2.262518003, -1.069317934, 0.2500053898}},
	{NN_SOFT_SHRINK, {-3, -2, 0, 0, 1.5, 6.5}, {1, -2, 0, 0, -1, 0.25}},
	{NN_SPARSE_PLUS, {0, 0, 0.0625, 0.390625, 2, 7}, {0, 0, 0.125, 1.875, -1, 0.25}},
	{NN_SPARSE_SIGMOID, {0, 0, 0.25, 0.625, 1, 1}, {0, 0, 0.25, 1.5, 0, 0}},
	{NN_SQUAREPLUS,
	 {0.2655644371, 0.3507810594, 0.7807764064, 1.132782219, 2.414213562, 7.140054945},
	 {0.06587842894, -0.2191311906, 0.1893660937, 1.686052102, -0.8535533906, 0.2451904935}},
	{NN_TANH_SHRINK,
	 {-2.501822102, -1.513385702, -0.03788284274, 0.005081337596, 1.03597242, 6.000001663},
	 {0.9963591153, -1.946815547, 0.1067761335, 0.1799554536, -0.9293491751, 0.2499991685}},
	{NN_LOG_SOFTMAX,
	 {-10.50852783, -9.508527834, -7.508527834, -6.758527834, -5.008527834, -0.008527833712},
	 {0.9999522204, -2.000129878, 0.4990403213, 2.99796836, -1.01169128, -1.485139744}},
	{NN_SPARSEMAX, {0, 0, 0, 0, 0, 1}, {0, 0, 0, 0, 0, 0}},
	{NN_SOFTMAX,
	 {2.730262153e-05, 7.421621997e-05, 0.0005483878128, 0.001160937009, 0.006680731218,
	  0.9915084251},
	 {2.061805926e-05, -0.0001666029641, 0.0001399308842, 0.003198576206, -0.008316389674,
	  0.005123867489}},
};

static const char *
name_of(NNActivation f)
{
	for (const NNWord *word = nn_activation_words; word->name != NULL; word++)
		if (word->value == (int) f)
			return word->name;
	return "?";
}

/* The largest of |got - expected| / (1 + |expected|); NaN counts as infinite. */
static double
worst_difference(const nn_real *got, const double *expected, int n)
{
	double worst = 0;

	for (int i = 0; i < n; i++)
	{
		double error = fabs((double) got[i] - expected[i]) / (1 + fabs(expected[i]));

		if (!(error <= worst))
			worst = error == error ? error : INFINITY;
	}
	return worst;
}

/* 37 copies of the points, so that vector loops and their ends are run. */
static void
check_known(void)
{
	enum
	{
		COPIES = 37,
	};
	const double tolerance = sizeof(nn_real) == 8 ? 1e-9 : 4e-7;

	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
	{
		const Known *t = &known[k];
		nn_real z[COPIES * WIDTH];
		nn_real y[COPIES * WIDTH];
		nn_real dy[COPIES * WIDTH];
		double worst_y = 0;
		double worst_dz = 0;

		for (int i = 0; i < COPIES * WIDTH; i++)
		{
			z[i] = y[i] = (nn_real) points[i % WIDTH];
			dy[i] = (nn_real) weights[i % WIDTH];
		}
		nn_activate(t->f, y, COPIES * WIDTH, WIDTH);
		nn_activate_backward(t->f, nn_activation_needs_z(t->f) ? z : NULL, y, dy, COPIES * WIDTH,
							 WIDTH);
		for (int c = 0; c < COPIES; c++)
		{
			worst_y = fmax(worst_y, worst_difference(y + c * WIDTH, t->y, WIDTH));
			worst_dz = fmax(worst_dz, worst_difference(dy + c * WIDTH, t->dz, WIDTH));
		}
		CHECK(worst_y < tolerance, "%s: values, worst %.2g", name_of(t->f), worst_y);
		CHECK(worst_dz < tolerance, "%s: derivatives, worst %.2g", name_of(t->f), worst_dz);
	}
	CHECK(sizeof(known) / sizeof(known[0]) == NN_ACTIVATION_COUNT, "all activations are known");
}

/* Far below 0, where what is left is the difference of numbers close to each other: Keras's values. */
static void
check_tails(void)
{
	static const struct
	{
		NNActivation f;
		double x, y, slope;
	} tails[] = {
		{NN_GELU, -12, -2.13179251e-32, -2.55791497e-31},
		{NN_GELU, -10, -7.61985361e-23, -7.61840008e-22},
		{NN_GELU, -8, -4.97677385e-15, -3.9796149e-14},
		{NN_GELU, -6, -5.91953508e-09, -3.54687799e-08},
		{NN_GELU, -5, -1.43325781e-06, -7.1469467e-06},
		{NN_GELU, -4, -0.000126685016, -0.000503649935},
		{NN_SILU, -12, -7.37300943e-05, -6.75854681e-05},
		{NN_SILU, -8, -0.00268280064, -0.00234655081},
		{NN_SOFTPLUS, -12, 6.14419287e-06, 6.14417468e-06},
		{NN_SOFTPLUS, -6, 0.00247568544, 0.00247262302},
		{NN_ELU, -6, -0.997521222, 0.00247877836},
		{NN_SELU, -6, -1.75374138, 0.004357934},
		{NN_SIGMOID, -12, 6.14417468e-06, 6.14413693e-06},
		{NN_EXPONENTIAL, -12, 6.14421242e-06, 6.14421242e-06},
	};

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
	{
		nn_real z = (nn_real) tails[i].x, y = z, dy = 1;

		nn_activate(tails[i].f, &y, 1, 1);
		nn_activate_backward(tails[i].f, &z, &y, &dy, 1, 1);
		CHECK(fabs((double) y / tails[i].y - 1) < 2e-5 &&
				  fabs((double) dy / tails[i].slope - 1) < 5e-5,
			  "%s of %g: %.6g, its slope %.6g", name_of(tails[i].f), tails[i].x, (double) y,
			  (double) dy);
	}
}

#ifdef NN_DOUBLE
/* Sum over i of w[i] f(z)[i] with z[at] moved by h. */
static double
weighted(NNActivation f, const nn_real *z, const nn_real *w, int n, int width, int at, double h)
{
	nn_real y[128];
	double sum = 0;

	memcpy(y, z, (size_t) n * sizeof(nn_real));
	y[at] += h;
	nn_activate(f, y, (size_t) n, (size_t) width);
	for (int i = 0; i < n; i++)
		sum += w[i] * y[i];
	return sum;
}

static void
check_finite_differences(void)
{
	enum
	{
		N = 126,
		ROW = 21,
	};
	const double h = 1e-5;

	for (int f = 0; f < NN_ACTIVATION_COUNT; f++)
	{
		NNRandom random = nn_random(7, (uint64_t) f);
		nn_real z[N];
		nn_real w[N];
		nn_real y[N];
		nn_real dz[N];
		double worst = 0;

		for (int i = 0; i < N; i++)
		{
			/* around 0, but not within h of a kink at a whole number */
			z[i] =
				floor(nn_random_uniform(&random) * 16) - 8 + 0.1 + 0.8 * nn_random_uniform(&random);
			w[i] = dz[i] = nn_random_normal(&random);
		}
		memcpy(y, z, sizeof(y));
		nn_activate((NNActivation) f, y, N, ROW);
		nn_activate_backward((NNActivation) f, z, y, dz, N, ROW);
		for (int i = 0; i < N; i++)
		{
			double slope = (weighted((NNActivation) f, z, w, N, ROW, i, h) -
							weighted((NNActivation) f, z, w, N, ROW, i, -h)) /
				(2 * h);

			worst = fmax(worst, fabs(slope - dz[i]) / (1 + fabs(slope)));
		}
		/* exponential's sum is in the thousands: what cancels is lost */
		CHECK(worst < 1e-6, "%s: finite differences, worst %.2g", name_of((NNActivation) f), worst);
	}
}
#else

/* Each inline function in a loop, as layers use them. */
#define LOOP(name)                                                                    \
	static NN_HOT(void, loop_##name, (float *y, const float *x, size_t n), (y, x, n)) \
	{                                                                                 \
		for (size_t i = 0; i < n; i++)                                                \
			y[i] = nn_##name(x[i]);                                                   \
	}

LOOP(exp)
LOOP(expm1)
LOOP(log)
LOOP(tanh)
LOOP(sigmoid)
LOOP(log1p_exp)

static NN_HOT(void, loop_normal_share, (float *y, const float *x, size_t n), (y, x, n))
{
	for (size_t i = 0; i < n; i++)
		y[i] = nn_normal_share(x[i], nn_exp(-0.5f * x[i] * x[i]));
}

static double
sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static double
normal_share(double x)
{
	return 0.5 * erfc(-x / sqrt(2));
}

static double
log1p_exp(double x)
{
	return fmax(x, 0) + log1p(exp(-fabs(x)));
}

typedef struct Function
{
	const char *name;
	void (*loop)(float *y, const float *x, size_t n);
	double (*reference)(double x);
	double ulps; /* allowed */
} Function;

/*
 * Error in units of the last place of a float near the reference.  Results
 * below twice the smallest normal number may be 0; above the largest, infinite.
 */
static double
ulps_off(float got, double expected)
{
	int exponent;

	if (isnan(expected))
		return isnan(got) ? 0 : INFINITY;
	if (fabs(expected) > FLT_MAX || isinf(got))
		return isinf(got) && fabs(expected) > FLT_MAX * (1 - 1e-6) &&
				!signbit(got) == !signbit(expected)
			? 0
			: INFINITY;
	if (fabs(expected) < 2 * FLT_MIN)
		return fabs(got - expected) < 2 * FLT_MIN ? 0 : INFINITY;
	frexp(expected, &exponent);
	return fabs(got - expected) / ldexp(1, exponent - 24);
}

/* Bit patterns at even distances: all magnitudes, both signs, infinities, NaNs. */
static void
check_function(const Function *f)
{
	enum
	{
		PIECE = 1021,
		STRIDE = 9973,
	};
	double worst = 0;
	double worst_at = 0;

	for (uint64_t bits = 0; bits <= UINT32_MAX;)
	{
		float x[PIECE];
		float y[PIECE];
		size_t n = 0;

		for (; n < PIECE && bits <= UINT32_MAX; n++, bits += STRIDE)
		{
			uint32_t b = (uint32_t) bits;

			memcpy(&x[n], &b, sizeof(b));
		}
		f->loop(y, x, n);
		for (size_t i = 0; i < n; i++)
		{
			double error = ulps_off(y[i], f->reference(x[i]));

			if (!(error <= worst))
			{
				worst = error == error ? error : INFINITY;
				worst_at = x[i];
			}
		}
	}
	CHECK(worst <= f->ulps, "%s: at most %.2f ulp off, at %.9g", f->name, worst, worst_at);
}

static void
check_functions(void)
{
	static const Function functions[] = {
		{"exp", loop_exp, exp, 2},
		{"expm1", loop_expm1, expm1, 3},
		{"log", loop_log, log, 2},
		{"tanh", loop_tanh, tanh, 4},
		{"sigmoid", loop_sigmoid, sigmoid, 3},
		/* far out half a square is rounded before it is raised */
		{"normal_share", loop_normal_share, normal_share, 80},
		{"log1p_exp", loop_log1p_exp, log1p_exp, 3},
	};
	float edge[3] = {0.0f, INFINITY, -1.0f};
	float y[3];

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		check_function(&functions[i]);
	loop_log(y, edge, 3);
	CHECK(y[0] == -INFINITY && y[1] == INFINITY && isnan(y[2]), "log of 0, infinity and -1");
}
#endif

/* Large arguments saturate as the limit says; NaN stays; no derivative is NaN. */
static void
check_extremes(void)
{
	static const nn_real far[] = {-1e30f, -1000, -100, -90, 90, 1000, 1e30f, 0};
	enum
	{
		N = 8,
	};

	for (int f = 0; f < NN_ACTIVATION_COUNT; f++)
	{
		nn_real y[N];
		nn_real dz[N];
		nn_real nan[19];
		bool sane = true;
		bool all_nan = true;

		memcpy(y, far, sizeof(y));
		for (int i = 0; i < N; i++)
			dz[i] = 1;
		nn_activate((NNActivation) f, y, N, N);
		nn_activate_backward((NNActivation) f, far, y, dz, N, N);
		for (int i = 0; i < N; i++)
			if (isnan(y[i]) ||
				(isnan(dz[i]) && !(nn_activation_by_rows((NNActivation) f) && isinf(y[i]))))
				sane = false;
		CHECK(sane, "%s: no NaN from large numbers", name_of((NNActivation) f));
		for (int i = 0; i < 19; i++)
			nan[i] = (nn_real) NAN;
		nn_activate((NNActivation) f, nan, 19, 19);
		for (int i = 0; i < 19; i++)
			all_nan = all_nan && isnan(nan[i]);
		CHECK(all_nan, "%s: NaN stays", name_of((NNActivation) f));
	}
}

/* Rows sum to 1, and what is above 0 lies as far apart as it did; Keras 3.15 has other sums. */
static void
check_sparsemax(void)
{
	nn_real z[7] = {1, (nn_real) 0.25, (nn_real) 0.875, -3, (nn_real) 0.75, 0, (nn_real) 0.5};
	double sum = 0;
	nn_real before[7];

	memcpy(before, z, sizeof(z));
	nn_activate(NN_SPARSEMAX, z, 7, 7);
	for (int i = 0; i < 7; i++)
	{
		sum += (double) z[i];
		CHECK(z[i] >= 0, "sparsemax is not negative");
		if (z[i] > 0)
			CHECK(fabs((double) (z[i] - z[0]) - (double) (before[i] - before[0])) < 1e-6,
				  "sparsemax moves %d as the first", i);
	}
	CHECK(fabs(sum - 1) < 1e-6, "sparsemax sums to %g", sum);
}

static void
check_softmax_rows(void)
{
	static nn_real z[300 * 101];
	static const int widths[] = {1, 2, 3, 10, 16, 17, 101};

	for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); w++)
	{
		int width = widths[w];
		double worst = 0;

		for (int i = 0; i < 300 * width; i++)
			z[i] = (nn_real) ((i * 37 % 101) * 3 - 100); /* up to 300 apart */
		nn_activate(NN_SOFTMAX, z, (size_t) (300 * width), (size_t) width);
		for (int r = 0; r < 300; r++)
		{
			double sum = 0;
			double exact = 0;

			for (int j = 0; j < width; j++)
				exact += exp(((r * width + j) * 37 % 101) * 3 - 200.0);
			for (int j = 0; j < width; j++)
			{
				double p = exp(((r * width + j) * 37 % 101) * 3 - 200.0) / exact;

				sum += (double) z[r * width + j];
				worst = fmax(worst, fabs(p - (double) z[r * width + j]));
			}
			worst = fmax(worst, fabs(sum - 1));
		}
		CHECK(worst < 1e-6, "softmax of width %d: worst %.2g", width, worst);
	}
}

int
main(void)
{
	check_known();
	check_tails();
#ifdef NN_DOUBLE
	check_finite_differences();
#else
	check_functions();
#endif
	check_extremes();
	check_softmax_rows();
	check_sparsemax();
	return unit_done();
}
