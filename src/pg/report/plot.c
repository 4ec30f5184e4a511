/*
 * plot.c
 *	  nnet.plot(model): loss and metrics by epoch, as SVG.
 *
 * A panel for each figure, one below the other: training as a line, validation as a
 * broken one. Colors follow prefers-color-scheme, so that the picture is readable on a light
 * and on a dark page. A loss that spans more than two magnitudes has a logarithmic
 * axis. Of long histories each pixel shows the least and the most of its epochs.
 */
#include "pg/report/markup.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#define WIDTH 720.0
#define PANEL 240.0 /* height of a panel */
#define TOP 44.0	/* of the whole, for its title */
#define LEFT 64.0
#define RIGHT 20.0
#define ABOVE 30.0 /* in a panel */
#define BELOW 40.0
#define MOST_PANELS 40
#define MOST_TICKS 32
#define POINTS 640 /* pixels that epochs are drawn on */
#define LOGARITHMIC 100.0
#define LARGEST 1e300 /* beyond this nothing is drawn */

PG_FUNCTION_INFO_V1(nnet_plot);

/* A figure by epoch; NaN: it has none there. */
typedef struct Curve
{
	char *name;
	double *training;
	double *validation;
	bool validated;
} Curve;

typedef struct History
{
	int n; /* epochs */
	int first;
	int n_curves;
	Curve curves[MOST_PANELS];
} History;

typedef struct Axis
{
	double from;
	double to;
	bool logarithmic;
	int n; /* ticks */
	double ticks[MOST_TICKS];
	int decimals; /* of their labels */
} Axis;

/* ---- the history ---- */

static double *
no_values(int n)
{
	double *values = palloc(sizeof(double) * Max(n, 1));

	for (int i = 0; i < n; i++)
		values[i] = NAN;
	return values;
}

static Curve *
find_curve(History *history, const char *name)
{
	for (int i = 0; i < history->n_curves; i++)
		if (strcmp(history->curves[i].name, name) == 0)
			return &history->curves[i];
	if (history->n_curves == MOST_PANELS)
		return NULL;
	history->curves[history->n_curves] = (Curve){
		.name = pstrdup(name),
		.training = no_values(history->n),
		.validation = no_values(history->n),
	};
	return &history->curves[history->n_curves++];
}

static void
note_value(History *history, const char *name, int epoch, double value)
{
	bool validation = strncmp(name, "val_", 4) == 0;
	Curve *curve = find_curve(history, validation ? name + 4 : name);

	if (curve == NULL || !(fabs(value) <= LARGEST))
		return;
	(validation ? curve->validation : curve->training)[epoch] = value;
	curve->validated |= validation;
}

static void
read_epoch(History *history, int i, HeapTuple tuple, TupleDesc desc)
{
	static const char *const names[] = {"loss", "val_loss"};
	bool isnull;
	Datum value;
	const NNValue *metrics;

	for (int k = 0; k < 2; k++)
	{
		value = SPI_getbinval(tuple, desc, 2 + k, &isnull);
		if (!isnull)
			note_value(history, names[k], i, DatumGetFloat8(value));
	}
	value = SPI_getbinval(tuple, desc, 4, &isnull);
	if (isnull)
		return;
	metrics = nnet_value_from_jsonb(DatumGetJsonbP(value));
	for (int k = 0; metrics->type == NN_V_OBJECT && k < metrics->count; k++)
		if (metrics->items[k].type == NN_V_NUMBER)
			note_value(history, metrics->keys[k], i, metrics->items[k].number);
}

/* In the context that is current; SPI is connected meanwhile. */
static void
read_history(History *history, Oid model, MemoryContext context)
{
	Oid type = REGCLASSOID;
	Datum argument = ObjectIdGetDatum(model);

	if (SPI_execute_with_args("SELECT epoch, loss, val_loss, metrics FROM nnet.history($1)", 1,
							  &type, &argument, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(SPI_result));
	history->n = (int) SPI_processed;
	for (int i = 0; i < history->n; i++)
	{
		bool isnull;
		MemoryContext spi = MemoryContextSwitchTo(context);

		nnet_check_interrupts();
		if (i == 0)
			history->first = DatumGetInt32(
				SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
		read_epoch(history, i, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
		MemoryContextSwitchTo(spi);
	}
}

/* ---- axes ---- */

/* 1, 2 or 5 times a power of ten, so that there are about that many steps. */
static double
nice_step(double range, int steps)
{
	double raw = range / steps;
	double power = pow(10, floor(log10(raw)));
	double mantissa = raw / power;

	return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
}

static void
set_ticks(Axis *axis, double step)
{
	double tick = ceil(axis->from / step - 1e-9) * step;

	axis->decimals = (int) Max(-floor(log10(step) + 1e-9), 0);
	for (; tick <= axis->to + step * 1e-9 && axis->n < MOST_TICKS; tick += step)
		axis->ticks[axis->n++] = fabs(tick) < step * 1e-9 ? 0 : tick;
}

static void
logarithmic_axis(Axis *axis, double least, double most)
{
	int step = Max((int) ceil((log10(most) - log10(least)) / 6), 1);

	axis->logarithmic = true;
	axis->from = floor(log10(least));
	axis->to = ceil(log10(most));
	for (double power = axis->from; power <= axis->to && axis->n < MOST_TICKS; power += step)
		axis->ticks[axis->n++] = power;
}

static void
value_axis(Axis *axis, const Curve *curve, int n)
{
	double least = INFINITY;
	double most = -INFINITY;
	double step;

	*axis = (Axis){.n = 0};
	for (int i = 0; i < n; i++)
	{
		least = fmin(least, fmin(curve->training[i], curve->validation[i]));
		most = fmax(most, fmax(curve->training[i], curve->validation[i]));
	}
	if (!isfinite(least) || !isfinite(most) || (least == 0 && most == 0))
		least = 0, most = 1;
	if (least > 0 && most / least >= LOGARITHMIC)
	{
		logarithmic_axis(axis, least, most);
		return;
	}
	/* what hardly varies, or does not, still gets an axis that has steps */
	if (most - least <= fmax(fabs(most), 1e-30) * 1e-6)
	{
		least -= fmax(fabs(least), 1e-30) * 0.1;
		most += fmax(fabs(most), 1e-30) * 0.1;
	}
	step = nice_step(most - least, 5);
	axis->from = floor(least / step + 1e-9) * step;
	axis->to = ceil(most / step - 1e-9) * step;
	set_ticks(axis, step);
}

/* Epochs are whole. */
static void
epoch_axis(Axis *axis, const History *history)
{
	*axis = (Axis){
		.from = history->first,
		.to = history->first + Max(history->n - 1, 1),
	};
	set_ticks(axis, fmax(nice_step(axis->to - axis->from, 8), 1));
	axis->decimals = 0;
}

static double
x_of(const Axis *axis, double epoch)
{
	return LEFT + (WIDTH - LEFT - RIGHT) * (epoch - axis->from) / (axis->to - axis->from);
}

/* Down from the panel's top. */
static double
y_of(const Axis *axis, double value)
{
	double at = axis->logarithmic ? log10(value) : value;

	return ABOVE + (PANEL - ABOVE - BELOW) * (axis->to - at) / (axis->to - axis->from);
}

/* ---- drawing ---- */

static void
append_tick_label(StringInfo page, const Axis *axis, double tick)
{
	if (axis->logarithmic)
		appendStringInfo(page, "%g", pow(10, tick));
	else if (fabs(tick) >= 1e6 || axis->decimals > 6)
		appendStringInfo(page, "%g", tick);
	else
		appendStringInfo(page, "%.*f", axis->decimals, tick);
}

static void
draw_axes(StringInfo page, const Axis *x, const Axis *y)
{
	double bottom = PANEL - BELOW;

	for (int i = 0; i < y->n; i++)
	{
		double at = y_of(y, y->logarithmic ? pow(10, y->ticks[i]) : y->ticks[i]);

		appendStringInfo(page,
						 "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
						 "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">",
						 LEFT, at, WIDTH - RIGHT, at, LEFT - 8, at + 4);
		append_tick_label(page, y, y->ticks[i]);
		appendStringInfoString(page, "</text>\n");
	}
	for (int i = 0; i < x->n; i++)
		appendStringInfo(page,
						 "<line class=\"axis\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
						 "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%.0f"
						 "</text>\n",
						 x_of(x, x->ticks[i]), bottom, x_of(x, x->ticks[i]), bottom + 5,
						 x_of(x, x->ticks[i]), bottom + 19, x->ticks[i]);
	appendStringInfo(page,
					 "<line class=\"axis\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
					 LEFT, bottom, WIDTH - RIGHT, bottom);
}

static void
append_point(StringInfo page, const Axis *x, const Axis *y, double epoch, double value,
			 bool *started)
{
	appendStringInfo(page, "%s%.1f %.1f", *started ? "L" : "M", x_of(x, epoch), y_of(y, value));
	*started = true;
}

/* The least and the most of each stretch of epochs, in the order they came; gaps stay gaps. */
static void
draw_line(StringInfo page, const History *history, const double *values, const Axis *x,
		  const Axis *y, const char *class)
{
	int stretch = (history->n + POINTS - 1) / POINTS;
	bool started = false;
	int shown = 0;
	int last = 0;

	appendStringInfo(page, "<path class=\"%s\" d=\"", class);
	for (int i = 0; i < history->n; i += stretch)
	{
		int low = -1;
		int high = -1;

		for (int k = i; k < Min(i + stretch, history->n); k++)
		{
			if (isnan(values[k]))
				continue;
			low = low < 0 || values[k] < values[low] ? k : low;
			high = high < 0 || values[k] > values[high] ? k : high;
		}
		if (low < 0)
			continue;
		append_point(page, x, y, history->first + Min(low, high), values[Min(low, high)], &started);
		if (low != high)
			append_point(page, x, y, history->first + Max(low, high), values[Max(low, high)],
						 &started);
		shown++;
		last = low;
	}
	appendStringInfoString(page, "\"/>\n");
	/* a line of one point is not seen */
	if (shown == 1)
		appendStringInfo(page, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>\n", class,
						 x_of(x, history->first + last), y_of(y, values[last]));
}

static void
draw_key(StringInfo page, const char *class, const char *text, double value, double x)
{
	appendStringInfo(page,
					 "<line class=\"%s\" x1=\"%.1f\" y1=\"14\" x2=\"%.1f\" y2=\"14\"/>"
					 "<text class=\"key\" x=\"%.1f\" y=\"18\">%s ",
					 class, x, x + 26, x + 32, text);
	nnet_markup_number(page, value);
	appendStringInfoString(page, "</text>\n");
}

static double
last_value(const double *values, int n)
{
	for (int i = n - 1; i >= 0; i--)
		if (!isnan(values[i]))
			return values[i];
	return NAN;
}

static void
draw_panel(StringInfo page, const History *history, const Curve *curve, int number)
{
	Axis x;
	Axis y;

	epoch_axis(&x, history);
	value_axis(&y, curve, history->n);
	appendStringInfo(page,
					 "<g transform=\"translate(0 %.0f)\">\n<text class=\"name\" x=\"%.1f\" "
					 "y=\"18\">",
					 TOP + number * PANEL, LEFT);
	nnet_markup_short(page, curve->name, 40);
	appendStringInfo(page, "</text>\n");
	draw_axes(page, &x, &y);
	draw_line(page, history, curve->training, &x, &y, "training");
	draw_key(page, "training", "training", last_value(curve->training, history->n), 380);
	if (curve->validated)
	{
		draw_line(page, history, curve->validation, &x, &y, "validation");
		draw_key(page, "validation", "validation", last_value(curve->validation, history->n), 550);
	}
	appendStringInfo(page,
					 "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">epoch</text>\n"
					 "</g>\n",
					 WIDTH - RIGHT, PANEL - 4);
}

static const char *const style =
	"<style>\n"
	".nnet-plot{--paper:#ffffff;--ink:#1f2328;--faint:#59636e;--grid:#dfe3e8;"
	"--training:#0b62c4;--validation:#b3470b}\n"
	"@media (prefers-color-scheme:dark){.nnet-plot{--paper:#16191d;--ink:#e8eaed;"
	"--faint:#a3abb5;--grid:#343a42;--training:#6cb2ff;--validation:#ffa25e}}\n"
	".nnet-plot{background:var(--paper);font-family:system-ui,sans-serif;font-size:12px}\n"
	".nnet-plot text{fill:var(--ink)}.nnet-plot .tick{fill:var(--faint)}\n"
	".nnet-plot .title{font-size:16px;font-weight:600}.nnet-plot .name{font-weight:600}\n"
	".nnet-plot .grid{stroke:var(--grid)}.nnet-plot .axis{stroke:var(--faint)}\n"
	".nnet-plot .training{stroke:var(--training);fill:none;stroke-width:2}\n"
	".nnet-plot .validation{stroke:var(--validation);fill:none;stroke-width:2;"
	"stroke-dasharray:6 3}\n"
	".nnet-plot circle.training{fill:var(--training)}"
	".nnet-plot circle.validation{fill:var(--validation)}\n"
	"</style>\n";

static void
draw(StringInfo page, const History *history, const char *name)
{
	int panels = Max(history->n_curves, 1);

	appendStringInfo(page,
					 "<svg class=\"nnet-plot\" xmlns=\"http://www.w3.org/2000/svg\" "
					 "viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\">\n"
					 "<title>Training of ",
					 WIDTH, TOP + panels * PANEL, WIDTH, TOP + panels * PANEL);
	nnet_markup_text(page, name);
	appendStringInfo(page,
					 "</title>\n%s<rect width=\"100%%\" height=\"100%%\" fill=\"var(--paper)\"/>\n"
					 "<text class=\"title\" x=\"%.1f\" y=\"28\">Training of ",
					 style, LEFT);
	nnet_markup_short(page, name, 60);
	appendStringInfoString(page, "</text>\n");
	for (int i = 0; i < history->n_curves; i++)
		draw_panel(page, history, &history->curves[i], i);
	if (history->n_curves == 0)
		appendStringInfo(
			page, "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\">It is not trained yet.</text>\n",
			LEFT, TOP + 30);
	appendStringInfoString(page, "</svg>\n");
}

void
nnet_plot_history(StringInfo page, Oid model)
{
	MemoryContext context = CurrentMemoryContext;
	History history = {.n = 0};
	MemoryContext spi;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	read_history(&history, model, context);
	spi = MemoryContextSwitchTo(context);
	draw(page, &history, DatumGetCString(OidFunctionCall1(F_REGCLASSOUT, ObjectIdGetDatum(model))));
	MemoryContextSwitchTo(spi);
	SPI_finish();
}

Datum
nnet_plot(PG_FUNCTION_ARGS)
{
	StringInfoData page;

	initStringInfo(&page);
	nnet_plot_history(&page, PG_GETARG_OID(0));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(page.data, page.len));
}
