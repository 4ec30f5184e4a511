/*
 * graph.c
 *	  The layers of a model as a picture: rows of boxes by how far they are from the
 *	  inputs, and lines from each to those it feeds.
 */
#include "pg/report/markup.h"

#include <math.h>

#define BOX_WIDTH 190.0
#define BOX_HEIGHT 46.0
#define COLUMN 214.0
#define ROW 78.0
#define MARGIN 12.0
#define NAME_CHARACTERS 24
#define LINE_CHARACTERS 31
#define BOW 34.0 /* of a line that passes rows by, at least, up to half of the next */
#define MOST_BOW 150.0

/* Where each layer is. */
typedef struct Places
{
	int rows;
	int columns; /* of the widest row */
	int *row;	 /* by layer */
	int *column;
	int *width; /* by row */
} Places;

static void
find_places(Places *places, const NNModel *core)
{
	int n = core->n_layers;

	*places = (Places){
		.row = palloc0(sizeof(int) * n),
		.column = palloc0(sizeof(int) * n),
		.width = palloc0(sizeof(int) * n),
	};
	for (int i = 0; i < n; i++)
	{
		const NNLayer *layer = nn_model_layer(core, i);
		int *row = &places->row[i];

		for (int k = 0; nn_layer_input(layer, k) >= 0; k++)
			*row = Max(*row, places->row[nn_layer_input(layer, k)] + 1);
		places->column[i] = places->width[*row]++;
		places->rows = Max(places->rows, *row + 1);
		places->columns = Max(places->columns, places->width[*row]);
	}
}

static double
middle_of(const Places *places, int layer)
{
	int width = places->width[places->row[layer]];

	return MARGIN + MOST_BOW / 2 +
		COLUMN * (places->column[layer] + (places->columns - width) / 2.0 + 0.5);
}

static double
top_of(const Places *places, int layer)
{
	return MARGIN + ROW * places->row[layer];
}

/* From the foot of a box to the head of the one in the next row. */
static void
draw_step(StringInfo page, double x1, double y1, double x2, double y2)
{
	appendStringInfo(page,
					 "<path class=\"edge\" d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>"
					 "<path class=\"head\" d=\"M%.1f %.1fl-4 -7h8z\"/>\n",
					 x1, y1, x1, y1 + 16, x2, y2 - 16, x2, y2, x2, y2);
}

/* A line that passes rows by goes round what is there, from side to side. */
static void
draw_bow(StringInfo page, double x1, double y1, double x2, double y2, int passed)
{
	double side = fmax(x1, x2) + fmin(BOW + 6.0 * passed, MOST_BOW / 2);

	appendStringInfo(page,
					 "<path class=\"edge\" d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>"
					 "<path class=\"head\" d=\"M%.1f %.1fl7 -4v8z\"/>\n",
					 x1, y1, side, y1, side, y2, x2, y2, x2, y2);
}

static void
draw_line(StringInfo page, const Places *places, int from, int to)
{
	double x1 = middle_of(places, from);
	double y1 = top_of(places, from);
	double x2 = middle_of(places, to);
	double y2 = top_of(places, to);
	int passed = places->row[to] - places->row[from] - 1;

	if (passed == 0)
		draw_step(page, x1, y1 + BOX_HEIGHT, x2, y2);
	else
		draw_bow(page, x1 + BOX_WIDTH / 2, y1 + BOX_HEIGHT / 2, x2 + BOX_WIDTH / 2,
				 y2 + BOX_HEIGHT / 2, passed);
}

static void
draw_layer(StringInfo page, const Places *places, const NNModel *core, int i)
{
	const NNLayer *layer = nn_model_layer(core, i);
	double x = middle_of(places, i);
	double y = top_of(places, i);
	char shape[128];
	const char *text;

	nn_shape_text(nn_layer_shape(layer), shape, sizeof(shape));
	text = psprintf("%s %s", nn_layer_kind(layer), shape);
	appendStringInfo(page, "<g><title>");
	nnet_markup_text(page, nn_layer_name(layer));
	appendStringInfoString(page, ": ");
	nnet_markup_text(page, text);
	appendStringInfoString(page, ", ");
	nnet_markup_count(page, (double) nn_layer_params(layer).size);
	appendStringInfo(page,
					 " parameters</title><rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.0f\" "
					 "height=\"%.0f\" rx=\"6\"/><text class=\"name\" x=\"%.1f\" y=\"%.1f\" "
					 "text-anchor=\"middle\">",
					 nn_layer_params(layer).size == 0 ? "plain"
						 : nn_layer_trainable(layer)  ? "learns"
													  : "frozen",
					 x - BOX_WIDTH / 2, y, BOX_WIDTH, BOX_HEIGHT, x, y + 19);
	nnet_markup_short(page, nn_layer_name(layer), NAME_CHARACTERS);
	appendStringInfo(page,
					 "</text><text class=\"kind\" x=\"%.1f\" y=\"%.1f\" "
					 "text-anchor=\"middle\">",
					 x, y + 36);
	nnet_markup_short(page, text, LINE_CHARACTERS);
	appendStringInfoString(page, "</text></g>\n");
}

static const char *const style =
	"<style>\n"
	".nnet-graph{--ink:#1f2328;--faint:#59636e;--box:#f3f5f7;--edge:#8b949e;--learns:#dbeafe;"
	"--line:#0b62c4}\n"
	"@media (prefers-color-scheme:dark){.nnet-graph{--ink:#e8eaed;--faint:#a3abb5;--box:#22262c;"
	"--edge:#6e7681;--learns:#173252;--line:#6cb2ff}}\n"
	".nnet-graph{font-family:system-ui,sans-serif;font-size:12px}\n"
	".nnet-graph text{fill:var(--ink)}.nnet-graph .name{font-weight:600}"
	".nnet-graph .kind{fill:var(--faint);font-size:11px}\n"
	".nnet-graph rect{stroke:var(--edge);fill:var(--box)}"
	".nnet-graph rect.learns{fill:var(--learns);stroke:var(--line)}"
	".nnet-graph rect.frozen{stroke-dasharray:4 3}\n"
	".nnet-graph .edge{fill:none;stroke:var(--edge);stroke-width:1.4}"
	".nnet-graph .head{fill:var(--edge)}\n"
	"</style>\n";

void
nnet_plot_layers(StringInfo page, const NnetModel *model)
{
	const NNModel *core = model->core;
	Places places;
	double width;
	double height;

	find_places(&places, core);
	width = 2 * MARGIN + MOST_BOW + COLUMN * places.columns;
	height = 2 * MARGIN + ROW * places.rows - (ROW - BOX_HEIGHT);
	appendStringInfo(page,
					 "<svg class=\"nnet-graph\" xmlns=\"http://www.w3.org/2000/svg\" "
					 "viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\">\n"
					 "<title>Layers of ",
					 width, height, width, height);
	nnet_markup_text(page, model->name);
	appendStringInfo(page, "</title>\n%s", style);
	for (int i = 0; i < core->n_layers; i++)
		for (int k = 0; nn_layer_input(nn_model_layer(core, i), k) >= 0; k++)
			draw_line(page, &places, nn_layer_input(nn_model_layer(core, i), k), i);
	for (int i = 0; i < core->n_layers; i++)
	{
		nnet_check_interrupts();
		draw_layer(page, &places, core, i);
	}
	appendStringInfoString(page, "</svg>\n");
}
