/*
 * train_optimizer.c
 *	  Optimizers: ten steps of each against Keras, parts of arrays, defaults,
 *	  every error.
 *
 * The numbers were printed by Keras 3.15 on TensorFlow 2.21: the variable
 * after 1, 2 and 10 calls of keras.optimizers.<Name>(...).apply() in float32.
 */
#include <stdlib.h>
#include <string.h>

#include "core/optimizers/optimizer.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

#define N 7

typedef struct Golden
{
	const char *config;
	double after[3][N]; /* 1, 2 and 10 steps */
} Golden;

static const Golden goldens[] = {
	{"{\"kind\": \"sgd\", \"learning_rate\": 0.1}",
	 {{1.10000002, -1.95000005, 0.349999994, 0.100000001, 3.04999995, -0.25, 0.349999994},
	  {1.07500005, -2.1500001, 0.5, 0.075000003, 2.8499999, -0.099999994, 0.324999988},
	  {1.10000002, -1.95000005, 0.349999994, 0.100000001, 3.04999995, -0.249999985, 0.349999994}}},
	{"{\"kind\": \"sgd\", \"learning_rate\": 0.1, \"momentum\": 0.9}",
	 {{1.10000002, -1.95000005, 0.349999994, 0.100000001, 3.04999995, -0.25, 0.349999994},
	  {1.16499996, -2.10500002, 0.36500001, 0.164999992, 2.89499998, -0.234999999, 0.414999992},
	  {1.50659668, -1.78400648, -0.748011231, 0.506596684, 3.2159934, -1.34801126, 0.756596565}}},
	{"{\"kind\": \"sgd\", \"learning_rate\": 0.1, \"momentum\": 0.9, \"nesterov\": true}",
	 {{1.19000006, -1.90499997, 0.214999974, 0.189999998, 3.09500003, -0.38500002, 0.439999998},
	  {1.22350001, -2.24449992, 0.378499985, 0.223499984, 2.75550008, -0.221500009, 0.473499984},
	  {1.55593693, -1.75560582, -0.773210168, 0.555936992, 3.24439406, -1.37321019, 0.805937052}}},
	{"{\"kind\": \"adam\", \"learning_rate\": 0.01}",
	 {{1.00999987, -1.99000013, 0.490000099, 0.00999990106, 3.00999975, -0.10999991, 0.259999901},
	  {1.01469445, -1.9955951, 0.490526408, 0.0146945212, 3.00440478, -0.109473601, 0.264694512},
	  {1.02948749, -1.99260247, 0.474398524, 0.0294876695, 3.00739741, -0.12560156, 0.27948764}}},
	{"{\"kind\": \"adam\", \"learning_rate\": 0.01, \"beta_1\": 0.8, \"beta_2\": 0.95, "
	 "\"epsilon\": 0.001, \"amsgrad\": true}",
	 {{1.00995553, -1.9900887, 0.490029722, 0.00995547976, 3.0099113, -0.109970279, 0.259955466},
	  {1.0141772, -1.99610555, 0.491138458, 0.0141771492, 3.00389457, -0.108861536, 0.264177144},
	  {1.02382779, -1.99135101, 0.477979034, 0.023827875, 3.00864935, -0.122020908, 0.273827881}}},
	{"{\"kind\": \"adamw\", \"learning_rate\": 0.01}",
	 {{1.00995994, -1.98992014, 0.489980102, 0.00999990106, 3.00987983, -0.109995909, 0.259989917},
	  {1.01461411, -1.99543548, 0.490486801, 0.0146941217, 3.00416446, -0.109465197, 0.264674127},
	  {1.02907896, -1.99180448, 0.474205464, 0.0294789802, 3.00619602, -0.125554651, 0.27937901}}},
	{"{\"kind\": \"adamw\", \"learning_rate\": 0.01, \"weight_decay\": 0.3}",
	 {{1.00699985, -1.98400009, 0.488500088, 0.00999990106, 3.00099969, -0.109699912, 0.259249896},
	  {1.00867343, -1.98364305, 0.487560898, 0.0146645214, 2.9864018, -0.108844504, 0.263166755},
	  {0.999244034, -1.93353069, 0.460113794, 0.0288422946, 2.91847801, -0.122127332,
	   0.271442711}}},
	{"{\"kind\": \"rmsprop\", \"learning_rate\": 0.01}",
	 {{1.03162277, -1.96837723, 0.468377233, 0.03162276, 3.03162265, -0.131622761, 0.281622767},
	  {1.02356458, -1.99914646, 0.491318792, 0.0235645343, 3.00085354, -0.108681194, 0.273564547},
	  {1.03060448, -1.97546852, 0.471997082, 0.0306043867, 3.02453136, -0.128002927, 0.280604362}}},
	{"{\"kind\": \"rmsprop\", \"learning_rate\": 0.01, \"rho\": 0.8, \"momentum\": 0.5, "
	 "\"epsilon\": 0.001}",
	 {{1.02230501, -1.97785962, 0.477664113, 0.0223049857, 3.02214026, -0.122335874, 0.272304982},
	  {1.02745557, -1.98859823, 0.483152568, 0.0274555571, 3.01140165, -0.116847426, 0.277455568},
	  {1.03280938, -1.96425724, 0.46343112, 0.0328094698, 3.03574252, -0.136568859, 0.282809496}}},
	{"{\"kind\": \"rmsprop\", \"learning_rate\": 0.01, \"centered\": true}",
	 {{1.0333333, -1.9666667, 0.466666669, 0.0333333164, 3.0333333, -0.133333325, 0.283333302},
	  {1.02509212, -1.99834991, 0.489614278, 0.0250921845, 3.00165009, -0.110385716, 0.275092185},
	  {1.03378499, -1.97420442, 0.468558908, 0.03378506, 3.02579546, -0.131441072, 0.283785075}}},
	{"{\"kind\": \"rmsprop\", \"learning_rate\": 0.01, \"momentum\": 0.5, \"centered\": true}",
	 {{1.0333333, -1.9666667, 0.466666669, 0.0333333164, 3.0333333, -0.133333325, 0.283333302},
	  {1.04175878, -1.98168325, 0.472947627, 0.0417588428, 3.01831675, -0.127052382, 0.291758835},
	  {1.05453348, -1.94863296, 0.439153403, 0.0545337126, 3.05136704, -0.160846576, 0.30453375}}},
	{"{\"kind\": \"adagrad\", \"learning_rate\": 0.1}",
	 {{1.09534621, -1.91548455, 0.40215078, 0.0953462496, 3.08451533, -0.197849214, 0.345346242},
	  {1.07215929, -2.01137733, 0.472088635, 0.0721593052, 2.98862267, -0.127911359, 0.32215929},
	  {1.09153521, -1.9406687, 0.410936385, 0.0915352255, 3.05933118, -0.189063653, 0.341535181}}},
	{"{\"kind\": \"adagrad\", \"learning_rate\": 0.1, \"initial_accumulator_value\": 0.5, "
	 "\"epsilon\": 0.01}",
	 {{1.08137882, -1.94264603, 0.409710616, 0.0813788474, 3.05735397, -0.190289393, 0.331378847},
	  {1.06144249, -2.03431582, 0.476725668, 0.0614425391, 2.96568418, -0.123274334, 0.311442554},
	  {1.07825279, -1.965289, 0.416924685, 0.0782528073, 3.03471112, -0.183075354, 0.328252822}}},
	{"{\"kind\": \"adadelta\", \"learning_rate\": 1}",
	 {{1.00141418, -1.99858582, 0.49858579, 0.00141421217, 3.0014143, -0.101414211, 0.25141421},
	  {1.00091732, -2.00052905, 0.500018001, 0.000917308906, 2.99947119, -0.0999819785,
	   0.250917315},
	  {1.00135875, -1.9986161, 0.498837829, 0.0013587256, 3.00138426, -0.101162151, 0.251358747}}},
	{"{\"kind\": \"adadelta\", \"learning_rate\": 1, \"rho\": 0.8, \"epsilon\": 0.001}",
	 {{1.07053459, -1.929986, 0.429367751, 0.0705345646, 3.070014, -0.170632243, 0.320534557},
	  {1.04372656, -2.02703857, 0.503816068, 0.0437265635, 2.97296143, -0.096183911, 0.293726563},
	  {1.06796026, -1.93148041, 0.438900292, 0.067960389, 3.06851935, -0.161099672, 0.317960382}}},
	{"{\"kind\": \"adamax\", \"learning_rate\": 0.01}",
	 {{1.00999999, -1.99000001, 0.49000001, 0.00999999698, 3.00999999, -0.109999999, 0.25999999},
	  {1.01342452, -1.99407899, 0.490526319, 0.0134244729, 3.00592113, -0.109473683, 0.263424456},
	  {1.02374542, -1.99178481, 0.479530424, 0.0237452947, 3.00821543, -0.120469518, 0.273745269}}},
	{"{\"kind\": \"adamax\", \"learning_rate\": 0.01, \"beta_1\": 0.8, \"beta_2\": 0.95, "
	 "\"epsilon\": 0.01}",
	 {{1.00990105, -1.99019611, 0.49006623, 0.00990099087, 3.00980401, -0.109933779, 0.259900987},
	  {1.01308393, -1.99461842, 0.491169989, 0.0130838621, 3.00538158, -0.108830027, 0.263083845},
	  {1.02119327, -1.99071252, 0.481952071, 0.0211932007, 3.00928712, -0.118047938, 0.271193206}}},
	{"{\"kind\": \"nadam\", \"learning_rate\": 0.01}",
	 {{1.01062787, -1.98937213, 0.489372134, 0.010627877, 3.01062799, -0.110627875, 0.260627866},
	  {1.00884831, -1.99910927, 0.496088445, 0.00884837471, 3.00089097, -0.103911564, 0.258848369},
	  {1.01345718, -1.99051201, 0.487178594, 0.0134572629, 3.00948811, -0.1128214, 0.263457268}}},
	{"{\"kind\": \"nadam\", \"learning_rate\": 0.01, \"beta_1\": 0.8, \"beta_2\": 0.95, "
	 "\"epsilon\": 0.01}",
	 {{1.01094198, -1.98916531, 0.489021808, 0.0109419674, 3.01083469, -0.110978201, 0.260941982},
	  {1.00930071, -1.99954963, 0.496098548, 0.00930070132, 3.00045037, -0.103901461, 0.259300709},
	  {1.01331902, -1.98955119, 0.48680833, 0.013319103, 3.01044893, -0.113191679, 0.263319135}}},
	{"{\"kind\": \"lion\", \"learning_rate\": 0.01}",
	 {{1.00999999, -1.99000001, 0.49000001, 0.00999999978, 3.00999999, -0.109999999, 0.25999999},
	  {1, -2, 0.5, 0, 3, -0.100000001, 0.249999985},
	  {1, -2, 0.480000019, 0, 3, -0.119999997, 0.249999985}}},
	{"{\"kind\": \"lion\", \"learning_rate\": 0.01, \"beta_1\": 0.6, \"beta_2\": 0.8}",
	 {{1.00999999, -1.99000001, 0.49000001, 0.00999999978, 3.00999999, -0.109999999, 0.25999999},
	  {1.01999998, -2, 0.5, 0.0199999996, 3, -0.100000001, 0.269999981},
	  {1.01999998, -2, 0.480000019, 0.0199999996, 3, -0.119999997, 0.269999981}}},
	{"{\"kind\": \"ftrl\", \"learning_rate\": 0.1}",
	 {{0.793834865, -0.84643966, 0.299008638, 0.0953462645, 1.48094797, -0.177220777, 0.26996842},
	  {0.770647883, -0.942332327, 0.368946493, 0.0721593201, 1.3850553, -0.107282929, 0.246781453},
	  {0.790023744, -0.871623755, 0.307794243, 0.0915352255, 1.4557637, -0.168435216,
	   0.266157299}}},
	{"{\"kind\": \"ftrl\", \"learning_rate\": 0.1, \"learning_rate_power\": -0.7, "
	 "\"initial_accumulator_value\": 0.2, \"l1_regularization_strength\": 0.05, "
	 "\"l2_regularization_strength\": 0.1, "
	 "\"l2_shrinkage_regularization_strength\": 0.02, \"beta\": 0.3}",
	 {{0.620135188, -0.484802097, 0.281495571, 0.0652415603, 0.870171428, -0.136573657,
	   0.203964978},
	  {0.601780951, -0.547410429, 0.326961726, 0.0483697802, 0.80584985, -0.0905968249,
	   0.186722577},
	  {0.607426763, -0.501312256, 0.288289756, 0.0613092035, 0.843768179, -0.127662688,
	   0.197838575}}},
	{"{\"kind\": \"lamb\", \"learning_rate\": 0.01}",
	 {{1.01430404, -1.98569596, 0.485695899, 0.0143040959, 3.01430416, -0.114304096, 0.264304101},
	  {1.02995956, -2.004354, 0.487451017, 0.0299596153, 2.99564624, -0.11254897, 0.279959619},
	  {1.09554982, -1.95963669, 0.421723187, 0.0955498666, 3.04036379, -0.178276837, 0.345549852}}},
	{"{\"kind\": \"lamb\", \"learning_rate\": 0.01, \"beta_1\": 0.8, \"beta_2\": 0.95, "
	 "\"epsilon\": 0.001, \"weight_decay\": 0.1}",
	 {{1.01329255, -1.98372173, 0.48520273, 0.0142925046, 3.01127815, -0.114197262, 0.264042497},
	  {1.02639413, -2.00182343, 0.488418669, 0.0283930525, 2.98818135, -0.110381924, 0.277893275},
	  {1.06534791, -1.93697453, 0.451318443, 0.0753027201, 3.01325011, -0.14270851, 0.322813869}}},
	{"{\"kind\": \"adafactor\", \"learning_rate\": 0.1}",
	 {{1.1430409, -1.8569591, 0.356959045, 0.143040955, 3.1430409, -0.243040949, 0.393040955},
	  {1.08918226, -2.04575992, 0.503319502, 0.0891822949, 2.95424008, -0.0966804624, 0.339182287},
	  {1.13520324, -1.85992265, 0.399048448, 0.135203287, 3.14007735, -0.200951517, 0.385203332}}},
	{"{\"kind\": \"adafactor\", \"learning_rate\": 0.5, \"beta_2_decay\": -0.6, "
	 "\"epsilon_1\": 0.0001, \"epsilon_2\": 0.01, \"clip_threshold\": 0.5, "
	 "\"relative_step\": false}",
	 {{1.35761487, -1.64243877, 0.142375201, 0.357614875, 3.35756135, -0.457624793, 0.607614875},
	  {1.18099248, -2.17126298, 0.578779936, 0.180992454, 2.82873702, -0.021220088, 0.430992454},
	  {1.26818156, -1.69211364, 0.349308729, 0.268181592, 3.3078866, -0.250691295, 0.518181622}}},
	{"{\"kind\": \"muon\", \"learning_rate\": 0.01}",
	 {{1.00995994, -1.98992014, 0.489980102, 0.00999990106, 3.00987983, -0.109995909, 0.259989917},
	  {1.01461411, -1.99543548, 0.490486801, 0.0146941217, 3.00416446, -0.109465197, 0.264674127},
	  {1.02907896, -1.99180448, 0.474205464, 0.0294789802, 3.00619602, -0.125554651, 0.27937901}}},
	{"{\"kind\": \"muon\", \"learning_rate\": 0.01, \"adam_beta_1\": 0.8, "
	 "\"adam_beta_2\": 0.95, \"adam_weight_decay\": 0.1, \"epsilon\": 0.001, "
	 "\"adam_lr_ratio\": 0.5}",
	 {{1.00397778, -1.99304438, 0.494514883, 0.00497773988, 3.00195575, -0.104885139, 0.254727751},
	  {1.00508463, -1.99405968, 0.494574755, 0.00708359666, 2.99594545, -0.104225881, 0.256583869},
	  {1.00183523, -1.97583985, 0.48403576, 0.0117901945, 2.97438502, -0.109991185, 0.259301394}}},
	{"{\"kind\": \"schedule_free_adamw\", \"learning_rate\": 0.01}",
	 {{1.00999999, -1.99000001, 0.49000001, 0.00999999978, 3.00999999, -0.109999999, 0.25999999},
	  {1.00828469, -1.99685848, 0.494999975, 0.0082846405, 3.00314164, -0.105000012, 0.258284628},
	  {1.00761688, -1.99192679, 0.489348084, 0.00761676859, 3.00807333, -0.110651948,
	   0.257616788}}},
	{"{\"kind\": \"schedule_free_adamw\", \"learning_rate\": 0.01, \"beta_1\": 0.8, "
	 "\"beta_2\": 0.95, \"epsilon\": 0.001, \"warmup_steps\": 4, \"weight_decay\": 0.1}",
	 {{1.00249755, -1.99750495, 0.497501671, 0.00249750237, 3.00249505, -0.102498338, 0.252497494},
	  {1.00113022, -1.99989569, 0.49975127, 0.00163009472, 2.99760437, -0.0999487564, 0.251505107},
	  {0.995143175, -1.98434901, 0.4927423, -0.000368767709, 2.99321127, -0.104564942,
	   0.248509169}}},
	{"{\"kind\": \"sgd\", \"momentum\": 0.9, \"weight_decay\": 0.1, "
	 "\"learning_rate\": {\"kind\": \"exponential_decay\", "
	 "\"initial_learning_rate\": 0.1, \"decay_steps\": 5, \"decay_rate\": 0.5}}",
	 {{1.09000003, -1.93000007, 0.344999999, 0.100000001, 3.01999998, -0.249000013, 0.347499996},
	  {1.14874721, -2.04230857, 0.337579191, 0.167365685, 2.86459923, -0.25124976, 0.412711054},
	  {1.54162216, -1.88955486, -0.730128586, 0.598096967, 2.82807088, -1.29624367, 0.833978176}}},
};

static const nn_real start[N] = {1, -2, (nn_real) 0.5, 0, 3, (nn_real) -0.1, (nn_real) 0.25};

/* Element k's gradient at step s (from 0), exact in float. */
static nn_real
gradient(int k, int s)
{
	return (nn_real) (0.25 * ((3 * k + 5 * s) % 9 - 4) * (1 + k % 3));
}

static bool
parse(NNOptimizer *optimizer, const char *text, NNError *error)
{
	NNValue *config = json_parse(text);
	bool parsed = nn_optimizer_parse(optimizer, config, error);

	json_free(config);
	return parsed;
}

/* One step of n parameters as a training loop does it, in pieces of at most `piece`. */
static void
step(const NNOptimizer *optimizer, nn_real *p, const nn_real *g, nn_real *const *slots, size_t n,
	 int64_t done, size_t piece)
{
	NNParam vector = {.name = "bias", .shape = {1, {(int) n}}};
	const NNOptimizerKind *kind = optimizer->kind;
	double rate = nn_schedule_rate(&optimizer->schedule, done);
	double decay = kind->decay == NULL
		? optimizer->weight_decay
		: kind->decay(optimizer->conf.bytes, optimizer->weight_decay, "probe", &vector);

	if (kind->relative)
		nn_add(slots[0], p, n);
	for (size_t i = 0; i < n; i++)
		p[i] -= p[i] * (nn_real) (decay * rate);
	for (size_t at = 0; at < n; at += piece)
	{
		NNUpdate update = {.n = n - at < piece ? n - at : piece,
						   .scale = 1,
						   .p = p + at,
						   .g = g + at,
						   .rate = rate,
						   .step = done + 1,
						   .layer = "probe",
						   .param = &vector};

		for (int s = 0; s < optimizer->n_slots; s++)
			update.slots[s] = slots[s] + at;
		kind->update(optimizer->conf.bytes, &update);
	}
	if (kind->relative)
		nn_axpy(slots[0], -1, p, n);
}

static void
test_golden(const Golden *golden)
{
	NNOptimizer optimizer;
	NNError error;
	nn_real p[N];
	nn_real room[NN_MAX_SLOTS][N] = {{0}};
	nn_real *slots[NN_MAX_SLOTS];
	double most = 0;

	if (!CHECK(parse(&optimizer, golden->config, &error), "%s is read", golden->config))
		return;
	for (int s = 0; s < NN_MAX_SLOTS; s++)
		slots[s] = room[s];
	memcpy(p, start, sizeof(p));
	for (int done = 0; done < 10; done++)
	{
		int row = done == 0 ? 0 : done == 1 ? 1 : 2;
		nn_real g[N];

		for (int k = 0; k < N; k++)
			g[k] = gradient(k, done);
		step(&optimizer, p, g, slots, N, done, N);
		if (row == 2 && done != 9)
			continue;
		for (int k = 0; k < N; k++)
		{
			double off =
				fabs((double) p[k] - golden->after[row][k]) / fmax(1, fabs(golden->after[row][k]));

			if (!(off <= most))
				most = off;
		}
	}
	CHECK(most < 1e-6, "%s: 1, 2 and 10 steps (%.1e)", golden->config, most);
}

/* Any cut of the arrays gives the same. */
static void
test_pieces(const char *config)
{
	enum
	{
		SIZE = 203,
	};
	NNOptimizer optimizer;
	NNError error;
	NNRandom random = nn_random(7, 1);
	nn_real *p[2], *slots[2][NN_MAX_SLOTS], *g = calloc(SIZE, sizeof(nn_real));
	double most = 0;

	parse(&optimizer, config, &error);
	if (optimizer.kind->whole)
	{
		free(g);
		return;
	}
	for (int way = 0; way < 2; way++)
	{
		p[way] = calloc(SIZE, sizeof(nn_real));
		for (int s = 0; s < NN_MAX_SLOTS; s++)
			slots[way][s] = calloc(SIZE, sizeof(nn_real));
	}
	for (int done = 0; done < 5; done++)
	{
		for (int i = 0; i < SIZE; i++)
			g[i] = (nn_real) nn_random_normal(&random);
		step(&optimizer, p[0], g, slots[0], SIZE, done, SIZE);
		step(&optimizer, p[1], g, slots[1], SIZE, done, 37);
	}
	for (int i = 0; i < SIZE; i++)
		most = fmax(most, fabs((double) p[0][i] - (double) p[1][i]));
	CHECK(most < 1e-7 && p[0][0] != 0, "%s: in pieces the same", config);
	for (int way = 0; way < 2; way++)
	{
		free(p[way]);
		for (int s = 0; s < NN_MAX_SLOTS; s++)
			free(slots[way][s]);
	}
	free(g);
}

/* The product of its momenta is not stored: against one that is multiplied up. */
static void
test_nadam_product(void)
{
	NNOptimizer optimizer;
	NNError error;
	nn_real p = 0, m = 0, v = 0;
	nn_real *slots[NN_MAX_SLOTS] = {&m, &v};
	double product = 1, expected = 0, mean = 0, square = 0;

	parse(&optimizer, "{\"kind\": \"nadam\", \"beta_1\": 0.99}", &error);
	for (int t = 1; t <= 1500; t++)
	{
		nn_real g = (nn_real) (sin(0.01 * t) + 0.5);
		double now = 0.99 * (1 - 0.5 * pow(0.96, t));
		double next = 0.99 * (1 - 0.5 * pow(0.96, t + 1));

		step(&optimizer, &p, &g, slots, 1, t - 1, 1);
		product *= now;
		mean += ((double) g - mean) * 0.01;
		square += ((double) g * (double) g - square) * 0.001;
		expected -= 0.001 *
			(next * mean / (1 - product * next) + (1 - now) * (double) g / (1 - product)) /
			(sqrt(square / (1 - pow(0.999, t))) + 1e-7);
	}
	CHECK(fabs((double) p - expected) < (sizeof(nn_real) == 8 ? 1e-9 : 2e-4),
		  "nadam: 1500 steps without a stored product (%g, %g)", (double) p, expected);
}

/* Far steps stay finite. */
static void
test_far(const char *config)
{
	NNOptimizer optimizer;
	NNError error;
	nn_real p = 1, g = (nn_real) 0.5, room[NN_MAX_SLOTS] = {0};
	nn_real *slots[NN_MAX_SLOTS] = {&room[0], &room[1], &room[2], &room[3]};

	parse(&optimizer, config, &error);
	step(&optimizer, &p, &g, slots, 1, (int64_t) 1 << 40, 1);
	/* a mean of so many moves no more */
	CHECK(isfinite(p) &&
			  (p < 1 || optimizer.kind->relative ||
			   nn_schedule_rate(&optimizer.schedule, (int64_t) 1 << 40) == 0),
		  "%s: step 2^40", config);
}

/* ---- configurations ---- */

static void
test_defaults(void)
{
	static const struct
	{
		const char *kind;
		double rate;
		double decay;
		int slots;
	} kinds[] = {
		{"sgd", 0.01, 0, 0},		{"adam", 0.001, 0, 2},
		{"adamw", 0.001, 0.004, 2}, {"rmsprop", 0.001, 0, 1},
		{"adagrad", 0.001, 0, 1},	{"adadelta", 0.001, 0, 2},
		{"adamax", 0.001, 0, 2},	{"nadam", 0.001, 0, 2},
		{"lion", 0.001, 0, 1},		{"ftrl", 0.001, 0, 2},
		{"lamb", 0.001, 0, 2},		{"adafactor", 0.001, 0, 2},
		{"muon", 0.001, 0.004, 2},	{"schedule_free_adamw", 0.0025, 0, 2},
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(kinds); i++)
	{
		NNValue name = {.type = NN_V_STRING, .string = kinds[i].kind};
		NNOptimizer optimizer;
		NNError error;

		CHECK(nn_optimizer_parse(&optimizer, &name, &error), "%s by name", kinds[i].kind);
		CHECK(nn_schedule_rate(&optimizer.schedule, 5) == kinds[i].rate &&
				  optimizer.weight_decay == kinds[i].decay && optimizer.n_slots == kinds[i].slots &&
				  optimizer.clipnorm == 0 && optimizer.global_clipnorm == 0 &&
				  optimizer.clipvalue == 0,
			  "%s: defaults", kinds[i].kind);
	}
}

static void
test_options(void)
{
	NNOptimizer o;
	NNError error;

	CHECK(parse(&o, "{\"kind\": \"adam\", \"clipnorm\": 1.5, \"weight_decay\": 0.1}", &error) &&
			  o.clipnorm == 1.5 && o.weight_decay == 0.1 && o.clipvalue == 0,
		  "clipnorm");
	CHECK(parse(&o, "{\"kind\": \"adam\", \"global_clipnorm\": 2}", &error) &&
			  o.global_clipnorm == 2,
		  "global_clipnorm");
	CHECK(parse(&o, "{\"kind\": \"sgd\", \"clipvalue\": 0.5, \"clipnorm\": null}", &error) &&
			  o.clipvalue == 0.5 && o.clipnorm == 0,
		  "clipvalue, beside a null");
	CHECK(parse(&o, "{\"kind\": \"adamw\", \"weight_decay\": 0}", &error) && o.weight_decay == 0,
		  "adamw: weight_decay 0 is not the default");
	CHECK(parse(&o, "{\"kind\": \"adamw\", \"weight_decay\": null, \"learning_rate\": null}",
				&error) &&
			  o.weight_decay == 0.004 && nn_schedule_rate(&o.schedule, 0) == 0.001,
		  "null stands for the default");
	CHECK(parse(&o, "{\"kind\": \"adam\", \"amsgrad\": true}", &error) && o.n_slots == 3,
		  "amsgrad has three slots");
	CHECK(parse(&o, "{\"kind\": \"sgd\", \"momentum\": 0.5}", &error) && o.n_slots == 1,
		  "momentum has a slot");
	CHECK(parse(&o, "{\"kind\": \"rmsprop\", \"momentum\": 0.5, \"centered\": true}", &error) &&
			  o.n_slots == 3,
		  "rmsprop with everything has three slots");
}

static void
check_error(const char *config, NNErrorCode code, const char *message, const char *hint)
{
	NNOptimizer optimizer;
	NNError error = {NN_OK, "", ""};

	CHECK(!parse(&optimizer, config, &error), "%s is refused", config);
	CHECK(error.code == code && strcmp(error.message, message) == 0, "%s: message: %s", config,
		  error.message);
	CHECK(strcmp(error.hint, hint) == 0, "%s: hint: %s", config, error.hint);
}

#define KINDS                                                                                   \
	"Optimizers are: sgd, adam, adamw, rmsprop, adagrad, adadelta, adamax, nadam, lion, ftrl, " \
	"lamb, adafactor, muon, schedule_free_adamw."

static void
test_errors(void)
{
	check_error("{\"kind\": \"adm\"}", NN_UNKNOWN_NAME, "unknown optimizer \"adm\"", KINDS);
	check_error("\"SGD\"", NN_UNKNOWN_NAME, "unknown optimizer \"SGD\"", KINDS);
	check_error("{\"learning_rate\": 1}", NN_BAD_VALUE,
				"the optimizer must be a name or an object with a \"kind\"", KINDS);
	check_error("[1]", NN_BAD_VALUE, "the optimizer must be a name or an object with a \"kind\"",
				KINDS);
	check_error("{\"kind\": \"sgd\", \"beta_1\": 0.9}", NN_UNKNOWN_NAME,
				"optimizer \"sgd\": there is no option \"beta_1\"",
				"Its options are: learning_rate, weight_decay, clipnorm, global_clipnorm, "
				"clipvalue, use_ema, "
				"ema_momentum, ema_overwrite_frequency, gradient_accumulation_steps, "
				"momentum, nesterov, kind.");
	check_error("{\"kind\": \"sgd\", \"momentum\": 1.5}", NN_BAD_VALUE,
				"optimizer \"sgd\": option \"momentum\" must be from 0 to 1, not 1.5", "");
	check_error("{\"kind\": \"adam\", \"beta_1\": 1}", NN_BAD_VALUE,
				"optimizer \"adam\": option \"beta_1\" must be at least 0 and less than 1, not 1",
				"");
	check_error("{\"kind\": \"adam\", \"epsilon\": 0}", NN_BAD_VALUE,
				"optimizer \"adam\": option \"epsilon\" must be from 1e-30 to 1000, not 0", "");
	check_error("{\"kind\": \"lion\", \"beta_1\": 0}", NN_BAD_VALUE,
				"optimizer \"lion\": option \"beta_1\" must be from 1e-06 to 1, not 0", "");
	check_error("{\"kind\": \"muon\", \"exclude_layers\": \"head\"}", NN_BAD_VALUE,
				"optimizer \"muon\": option \"exclude_layers\" must be an array of texts, not the "
				"string \"head\"",
				"");
	check_error("{\"kind\": \"muon\", \"exclude_layers\": [\"\"]}", NN_BAD_VALUE,
				"optimizer \"muon\": option \"exclude_layers\" must be texts of 1 to 63 bytes", "");
	check_error(
		"{\"kind\": \"muon\", \"exclude_layers\": [\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\","
		"\"a\",\"a\"]}",
		NN_BAD_VALUE, "optimizer \"muon\": option \"exclude_layers\" has 9 texts, at most 8 go",
		"");
	check_error("{\"kind\": \"adam\", \"amsgrad\": 1}", NN_BAD_VALUE,
				"optimizer \"adam\": option \"amsgrad\" must be true or false, not a number", "");
	check_error("{\"kind\": \"adam\", \"weight_decay\": -1}", NN_BAD_VALUE,
				"optimizer \"adam\": option \"weight_decay\" must be from 0 to 1000000, not -1",
				"");
	check_error("{\"kind\": \"adam\", \"clipnorm\": \"x\"}", NN_BAD_VALUE,
				"optimizer \"adam\": option \"clipnorm\" must be a number, not the string \"x\"",
				"");
	check_error("{\"kind\": \"adam\", \"clipnorm\": 1, \"clipvalue\": 1}", NN_BAD_VALUE,
				"optimizer \"adam\": only one way of clipping may be given",
				"Give clipnorm, global_clipnorm or clipvalue.");
	check_error("{\"kind\": \"adam\", \"global_clipnorm\": 1, \"clipvalue\": 0}", NN_BAD_VALUE,
				"optimizer \"adam\": only one way of clipping may be given",
				"Give clipnorm, global_clipnorm or clipvalue.");
	check_error("{\"kind\": \"adam\", \"learning_rate\": -0.1}", NN_BAD_VALUE,
				"optimizer \"adam\": option \"learning_rate\" must be from 0 to 1000000, not -0.1",
				"");
	check_error("{\"kind\": \"adam\", \"learning_rate\": true}", NN_BAD_VALUE,
				"optimizer \"adam\": option \"learning_rate\" must be a number or a schedule",
				"A schedule is an object such as {\"kind\": \"cosine_decay\", "
				"\"initial_learning_rate\": 0.01, \"decay_steps\": 1000}.");
}

static void
test_tables(void)
{
	for (const NNOptimizerKind *kind = nn_optimizers; kind->name != NULL; kind++)
	{
		bool sound = kind->conf_size <= NN_MAX_OPTIMIZER_CONF;

		for (const NNField *f = kind->fields; f->name != NULL; f++)
			sound = sound && f->offset < kind->conf_size && f->min <= f->max;
		CHECK(sound, "the table of %s is sound", kind->name);
	}
}

int
main(void)
{
	test_tables();
	for (int i = 0; i < NN_ARRAY_LENGTH(goldens); i++)
	{
		test_golden(&goldens[i]);
		test_pieces(goldens[i].config);
		test_far(goldens[i].config);
	}
	test_nadam_product();
	test_defaults();
	test_options();
	test_errors();
	return unit_done();
}
