/*
 * im2col.c
 *	  Patches to rows of a matrix, and back.
 *
 * One row of a window over neighbouring cells is a contiguous run of reals
 * (unless it is dilated or takes only some of the channels), so that most of
 * the work is copying runs of one length from places a stride apart.
 */
#include <string.h>

#include "core/kernels/im2col.h"

/* What a band should take: about half of a second-level cache of 512 kB. */
#define BAND_REALS ((size_t) 1 << 15)
#define BAND_LEAST 12 /* below, the product reads the weights too often */

size_t
nn_band_rows(size_t patch, size_t width)
{
	size_t rows = BAND_REALS / (patch + width);

	if (rows < BAND_LEAST)
		rows = BAND_LEAST;
	/* products take rows by sixes */
	return rows - rows % 6;
}

bool
nn_window_is_cell(const NNWindow *w)
{
	return w->size_d == 1 && w->size_h == 1 && w->size_w == 1 && w->stride_d == 1 &&
		w->stride_h == 1 && w->stride_w == 1 && w->front == 0 && w->top == 0 && w->left == 0 &&
		w->out_d == w->in_d && w->out_h == w->in_h && w->out_w == w->in_w;
}

/* count runs of n reals; n is a constant where it is small. */
NN_INLINE void
copy_runs_of(nn_real *restrict to, size_t to_step, const nn_real *restrict from, size_t from_step,
			 size_t n, int count)
{
	for (int k = 0; k < count; k++, to += to_step, from += from_step)
		for (size_t i = 0; i < n; i++)
			to[i] = from[i];
}

static NN_HOT(void, copy_runs,
			  (nn_real *restrict to, size_t to_step, const nn_real *restrict from, size_t from_step,
			   size_t n, int count),
			  (to, to_step, from, from_step, n, count))
{
	switch (n)
	{
		case 1:
			copy_runs_of(to, to_step, from, from_step, 1, count);
			break;
		case 2:
			copy_runs_of(to, to_step, from, from_step, 2, count);
			break;
		case 3:
			copy_runs_of(to, to_step, from, from_step, 3, count);
			break;
		case 4:
			copy_runs_of(to, to_step, from, from_step, 4, count);
			break;
		case 5:
			copy_runs_of(to, to_step, from, from_step, 5, count);
			break;
		case 8:
			copy_runs_of(to, to_step, from, from_step, 8, count);
			break;
		case 9:
			copy_runs_of(to, to_step, from, from_step, 9, count);
			break;
		case 16:
			copy_runs_of(to, to_step, from, from_step, 16, count);
			break;
		default:
			for (int k = 0; k < count; k++, to += to_step, from += from_step)
				memcpy(to, from, n * sizeof(nn_real));
	}
}

static NN_HOT(void, add_runs,
			  (nn_real *restrict to, size_t to_step, const nn_real *restrict from, size_t from_step,
			   size_t n, int count),
			  (to, to_step, from, from_step, n, count))
{
	for (int k = 0; k < count; k++, to += to_step, from += from_step)
		for (size_t i = 0; i < n; i++)
			to[i] += from[i];
}

NN_INLINE void
zero_runs(nn_real *to, size_t to_step, size_t n, int count)
{
	for (int k = 0; k < count; k++, to += to_step)
		nn_zero(to, n);
}

/* One row of windows along one row of the image: what is unfolded at a time. */
typedef struct Strip
{
	const NNWindow *w;
	const NNBand *band;
	size_t patch; /* reals */
	bool whole;	  /* a window's row is one run */
	int ox;		  /* first output cell */
	int count;
} Strip;

/* The cells of the strip whose window's row lies within the image: from, to. */
static void
inner_cells(const Strip *s, int *from, int *to)
{
	const NNWindow *w = s->w;
	int last = w->in_w - w->size_w + w->left; /* ox * stride at most */

	*from = (w->left + w->stride_w - 1) / w->stride_w - s->ox;
	*to = last < 0 ? 0 : last / w->stride_w + 1 - s->ox;
	if (*from < 0)
		*from = 0;
	if (*from > s->count)
		*from = s->count;
	if (*to > s->count)
		*to = s->count;
	if (*to < *from)
		*to = *from;
}

/* Where the row of the window of cell k begins, in a row of the image that has all of it. */
NN_INLINE size_t
first_of(const Strip *s, int k)
{
	return (size_t) ((s->ox + k) * s->w->stride_w - s->w->left) * (size_t) s->w->in_c;
}

/* The row of one window that the image's side cuts, or that is not one run. */
static void
copy_cell(const Strip *s, int k, const nn_real *row, nn_real *p)
{
	const NNWindow *w = s->w;
	size_t c = (size_t) s->band->channels;
	int origin = (s->ox + k) * w->stride_w - w->left;
	int from, to;

	nn_window_clip(origin, w->size_w, w->dilation_w, w->in_w, &from, &to);
	nn_zero(p, (size_t) from * c);
	if (to > from)
		copy_runs(p + (size_t) from * c, c,
				  row + (size_t) (origin + from * w->dilation_w) * (size_t) w->in_c,
				  (size_t) w->dilation_w * (size_t) w->in_c, c, to - from);
	nn_zero(p + (size_t) to * c, (size_t) (w->size_w - to) * c);
}

static void
add_cell(const Strip *s, int k, nn_real *row, const nn_real *p)
{
	const NNWindow *w = s->w;
	size_t c = (size_t) s->band->channels;
	int origin = (s->ox + k) * w->stride_w - w->left;
	int from, to;

	nn_window_clip(origin, w->size_w, w->dilation_w, w->in_w, &from, &to);
	if (to > from)
		add_runs(row + (size_t) (origin + from * w->dilation_w) * (size_t) w->in_c,
				 (size_t) w->dilation_w * (size_t) w->in_c, p + (size_t) from * c, c, c, to - from);
}

/* row: the image's row, at the band's first channel; NULL: padding. */
static void
copy_strip(const Strip *s, const nn_real *row, nn_real *p)
{
	const NNWindow *w = s->w;
	size_t run = (size_t) w->size_w * (size_t) s->band->channels;
	size_t step = (size_t) w->stride_w * (size_t) w->in_c;
	int from = s->count, to = s->count;

	if (row == NULL)
	{
		zero_runs(p, s->patch, run, s->count);
		return;
	}
	if (s->whole)
		inner_cells(s, &from, &to);
	for (int k = 0; k < from; k++)
		copy_cell(s, k, row, p + (size_t) k * s->patch);
	if (to > from)
		copy_runs(p + (size_t) from * s->patch, s->patch, row + first_of(s, from), step, run,
				  to - from);
	for (int k = to; k < s->count; k++)
		copy_cell(s, k, row, p + (size_t) k * s->patch);
}

static void
add_strip(const Strip *s, nn_real *row, const nn_real *p)
{
	const NNWindow *w = s->w;
	size_t run = (size_t) w->size_w * (size_t) s->band->channels;
	size_t step = (size_t) w->stride_w * (size_t) w->in_c;
	int from = s->count, to = s->count;

	if (s->whole)
		inner_cells(s, &from, &to);
	for (int k = 0; k < from; k++)
		add_cell(s, k, row, p + (size_t) k * s->patch);
	if (to > from)
		add_runs(row + first_of(s, from), step, p + (size_t) from * s->patch, s->patch, run,
				 to - from);
	for (int k = to; k < s->count; k++)
		add_cell(s, k, row, p + (size_t) k * s->patch);
}

/* Where a patch lies: sample, plane, row and column of its output cell. */
typedef struct Place
{
	size_t sample;
	int oz;
	int oy;
	int ox;
} Place;

static Place
place_of(const NNWindow *w, size_t patch)
{
	size_t cells = nn_window_out_cells(w);
	size_t cell = patch % cells;
	int row = (int) (cell / (size_t) w->out_w);

	return (Place){patch / cells, row / w->out_h, row % w->out_h, (int) (cell % (size_t) w->out_w)};
}

static Strip
strip_of(const NNWindow *w, const NNBand *band)
{
	return (Strip){
		.w = w,
		.band = band,
		.patch = nn_window_patch(w, band->channels),
		.whole = w->dilation_w == 1 && band->channels == w->in_c,
	};
}

/* The strip from this place to the end of the output's row or of the band; moves on the place. */
static void
next_strip(Strip *s, Place *at, size_t left)
{
	s->ox = at->ox;
	s->count = s->w->out_w - at->ox;
	if ((size_t) s->count > left)
		s->count = (int) left;
	at->ox += s->count;
	if (at->ox < s->w->out_w)
		return;
	at->ox = 0;
	if (++at->oy < s->w->out_h)
		return;
	at->oy = 0;
	if (++at->oz < s->w->out_d)
		return;
	at->oz = 0;
	at->sample++;
}

/* Row y of plane z of a volume: whether there is one, and where it begins. */
NN_INLINE bool
is_inside(const NNWindow *w, int z, int y)
{
	return z >= 0 && z < w->in_d && y >= 0 && y < w->in_h;
}

NN_INLINE size_t
row_at(const NNWindow *w, int z, int y)
{
	return ((size_t) z * (size_t) w->in_h + (size_t) y) * (size_t) w->in_w * (size_t) w->in_c;
}

void
nn_im2col(const NNWindow *w, const NNBand *band, const nn_real *x, nn_real *p)
{
	Strip s = strip_of(w, band);
	Place at = place_of(w, band->from);
	size_t run = (size_t) w->size_w * (size_t) band->channels;

	for (size_t r = band->from; r < band->to;
		 r += (size_t) s.count, p += (size_t) s.count * s.patch)
	{
		const nn_real *image = x + at.sample * nn_window_in_size(w) + band->channel;
		int z = at.oz * w->stride_d - w->front, top = at.oy * w->stride_h - w->top;
		nn_real *to = p;

		next_strip(&s, &at, band->to - r);
		for (int k = 0; k < w->size_d; k++, z += w->dilation_d)
			for (int i = 0, y = top; i < w->size_h; i++, y += w->dilation_h, to += run)
				copy_strip(&s, is_inside(w, z, y) ? image + row_at(w, z, y) : NULL, to);
	}
}

void
nn_col2im_add(const NNWindow *w, const NNBand *band, nn_real *x, const nn_real *p)
{
	Strip s = strip_of(w, band);
	Place at = place_of(w, band->from);
	size_t run = (size_t) w->size_w * (size_t) band->channels;

	for (size_t r = band->from; r < band->to;
		 r += (size_t) s.count, p += (size_t) s.count * s.patch)
	{
		nn_real *image = x + at.sample * nn_window_in_size(w) + band->channel;
		int z = at.oz * w->stride_d - w->front, top = at.oy * w->stride_h - w->top;
		const nn_real *from = p;

		next_strip(&s, &at, band->to - r);
		for (int k = 0; k < w->size_d; k++, z += w->dilation_d)
			for (int i = 0, y = top; i < w->size_h; i++, y += w->dilation_h, from += run)
				if (is_inside(w, z, y))
					add_strip(&s, image + row_at(w, z, y), from);
	}
}
