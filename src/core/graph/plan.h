/*
 * plan.h
 *	  A plan: where each layer's arrays lie for chunks of samples.
 *
 * A chunk is the samples that one thread takes through all layers at a time.
 * Its arrays lie in one piece of plan->chunk_reals; offsets are the same in
 * every chunk.  A model without coupled layers needs one chunk buffer a
 * thread and takes one chunk after the other through forward and backward (a
 * round).  Where samples depend on each other (batch normalization in
 * training), each thread keeps all its chunks and there is a single round.
 *
 * Workspace of one thread, in this order, each part aligned:
 *	 chunk buffers (kept of them) | scratch | sums over places
 * and after those of all threads
 *	 sums over places of large tables | partial sums, norms, totals
 * Partial sums are doubles, laid out thread after thread at the workspace's
 * end, so that every thread can read all of a layer's.
 *
 * Gradients: those of the first thread are laid out as the parameters are; those
 * of the others follow, without the large ones, to which all threads add in the
 * first's (split_gradient).  Where a plan goes layer by layer the first has room
 * for one layer's alone: they are used up before the next layer's are known.
 *
 * Sums over places: an id may stand at many places of a batch, and Keras on
 * TensorFlow squares the gradient of each (takes its magnitude, clips it)
 * before it sums them.  So an embedding keeps, beside the gradient, the sums
 * of these.  A regularizer makes Keras sum at once; then there are none.  Of a
 * large table, whose gradient is split, there is room for the rows of a batch's
 * places alone, and a map of the rows to it.  Where a step has several passes (GAN)
 * all add to the sums of the first.
 */
#ifndef NN_PLAN_H
#define NN_PLAN_H

#include "core/graph/model.h"

#define NN_NOWHERE SIZE_MAX

/* One gradient on its way from a layer to one of its inputs. */
typedef struct NNEdge
{
	size_t dx; /* where the layer writes it; NN_NOWHERE: not wanted */
	bool add;  /* dx is apart: add it to the input's dy afterwards */
} NNEdge;

typedef struct NNPlanLayer
{
	size_t reals;	  /* of one sample's output */
	size_t own_grads; /* in a thread's own gradients, of the layer's from own_from on */
	size_t own_from;  /* parameters before these are in the first thread's gradients alone */
	size_t y;		  /* offsets in the chunk buffer, in reals */
	size_t dy;		  /* NN_NOWHERE: no gradient needed */
	size_t saved;
	size_t padding;	   /* in bytes of the mask area; NN_NOWHERE: all rows have all steps */
	size_t mask;	   /* the same place if no layer hides steps, else with those hidden as well */
	size_t mask_steps; /* bytes a sample of either */
	size_t partial;	   /* in doubles of a thread's partial sums */
	bool merged;	   /* the mask comes of all its inputs' masks */
	bool run;		   /* false: a view, y is the input's y */
	bool coupled;
	bool grads;		   /* its parameters learn */
	bool idle;		   /* no loss depends on it */
	bool by_rows;	   /* its kernel is updated as soon as some rows of the gradient are known */
	bool by_id;		   /* what each place of an id brings counts by itself */
	size_t squares;	   /* in the sums over places; NN_NOWHERE: none */
	size_t magnitudes; /* likewise */
	size_t slots;	   /* likewise: the map of rows, after the number of slots used */
	NNEdge edges[NN_MAX_INPUTS];
} NNPlanLayer;

/* What the loss of one output looks at. */
typedef struct NNPlanOutput
{
	size_t rows;		 /* of one sample */
	size_t targets;		 /* offset in the chunk buffer */
	size_t target_reals; /* of one sample's target; 0: none is wanted */
	size_t weights;		 /* offset of the rows' weights in the chunk buffer; NN_NOWHERE: none */
	size_t row_mask;	 /* of the rows, where a step has several; NN_NOWHERE: none */
} NNPlanOutput;

/* A run of parameters that are treated alike. */
typedef struct NNSegment
{
	size_t offset;
	size_t size;
	NNRegularizer regularizer;
	bool by_rows; /* as the layer is */
	bool split;	  /* gradients lie in thread 0's buffer alone; else those of others: */
	size_t own_grads;
	bool by_id; /* a table of its own, with sums over places if they are wanted: */
	size_t squares;
	size_t magnitudes;
	size_t slots;
	size_t width; /* of its rows */
	const NNLayer
		*layer; /* of its first parameter tensor, which is the only one where they matter */
	const NNParam *param;
} NNSegment;

struct NNPlan
{
	NNPlanRequest request;
	int threads;
	int chunk; /* samples at most */
	int kept;  /* chunk buffers of a thread */
	bool coupled;
	bool begins;		/* some layer changes its parameters before each step */
	int64_t begun;		/* 1 + the last step that so began; thread 0's */
	bool split;			/* some layer has split_gradient */
	bool penalized;		/* something is regularized, of parameters */
	bool orthogonal;	/* to be so, where threads meet before an update */
	bool constrained;	/* something is, where threads meet after one */
	bool layerwise;		/* each layer is updated as soon as its gradient is known */
	bool by_rows;		/* some layer's kernel is, some rows at a time */
	size_t first_reals; /* gradients of the first thread */
	size_t own_reals;	/* of any other */
	size_t chunk_reals;
	size_t x_reals; /* of one sample, all inputs together */
	size_t y_reals;
	/*
	 * A gradient is that of the batch's summed loss, unless outputs are weighed
	 * against each other: then each is scaled to the sum over samples of the
	 * weighted means, for which the rows that count are counted first if a mask
	 * may hide some.  A loss that is one value of a batch wants to know that first, too.
	 */
	bool scaled;
	bool counted;
	NNPlanOutput outputs[NN_MAX_OUTPUTS];
	size_t masks; /* offset of the mask area in the chunk buffer, in reals */
	size_t scratch_reals;
	size_t each_reals;		/* sums over places */
	size_t shared_reals;	/* those of large tables, for all threads */
	size_t partial_doubles; /* of one thread */
	size_t norms;			/* where among them the squares of gradients lie, one a segment */
	size_t totals;			/* and the thread's totals */
	size_t thread_reals;	/* chunk buffers, scratch and sums over places */
	NNRefusal refusal;
	int n_segments;
	NNSegment *segments; /* behind layers[]: what the optimizer updates */
	NNPlanLayer layers[];
};

/*
 * Whether layers are to be updated one by one, each as soon as its gradient is known, for which all
 * of so many chunks of a thread must be kept (plan_update.c).
 */
extern bool nn_plan_is_layerwise(const NNPlan *plan, const NNModel *model, int chunks);
/* Gradients and segments, once all else of the plan is decided. */
extern void nn_plan_update(NNPlan *plan, const NNModel *model, int chunks);

/* Where the padding and the mask of layer i's output lie, after those of its inputs (mask.c). */
extern void
nn_plan_mask(NNPlan *plan, const NNModel *model, int i, size_t *mask_bytes, size_t count);
/* Where the masks of the outputs' rows lie for the loss, after those of all layers. */
extern void nn_plan_row_masks(NNPlan *plan, const NNModel *model, size_t *mask_bytes, size_t count);
/* Whether rows of an output may be hidden from the loss. */
extern bool nn_plan_hides_rows(const NNPlan *plan, const NNModel *model, int output);
/* Make the mask of a layer that merges its inputs' for `count` samples; masks is a chunk's mask area. */
extern void nn_mask_merge(const NNPlan *plan, const NNLayer *layer, uint8_t *masks, int count);

/* Lay out n reals for each of count samples; *at goes on behind them. */
NN_INLINE size_t
nn_plan_take(size_t *at, size_t n, size_t count)
{
	size_t offset = *at;

	*at += NN_ALIGN_REALS(n * count);
	return offset;
}

/* Whether there is a backward pass. */
NN_INLINE bool
nn_plan_differentiates(const NNPlan *plan)
{
	return plan->request.training || plan->request.places != NULL;
}

/* A run begins; whether it has met what a layer has no place for, once all threads met. */
NN_INLINE void
nn_plan_begin(NNPlan *plan)
{
	atomic_store(&plan->refusal.noted, false);
}

NN_INLINE bool
nn_plan_refused(const NNPlan *plan)
{
	return atomic_load(&plan->refusal.noted);
}

NN_INLINE nn_real *
nn_plan_chunk(const NNPlan *plan, void *workspace, int thread, int chunk)
{
	return (nn_real *) workspace + (size_t) thread * plan->thread_reals +
		(size_t) chunk * plan->chunk_reals;
}

NN_INLINE nn_real *
nn_plan_scratch(const NNPlan *plan, void *workspace, int thread)
{
	return nn_plan_chunk(plan, workspace, thread, plan->kept);
}

NN_INLINE nn_real *
nn_plan_each(const NNPlan *plan, void *workspace, int thread)
{
	return nn_plan_scratch(plan, workspace, thread) + plan->scratch_reals;
}

/* Where a thread's gradients begin; own ones of a thread but the first. */
NN_INLINE nn_real *
nn_plan_grads(const NNPlan *plan, const NNRun *run, int thread)
{
	if (thread == 0)
		return run->grads;
	return run->grads + plan->first_reals + (size_t) (thread - 1) * plan->own_reals;
}

/* Where the first thread's gradients of a layer begin. */
NN_INLINE nn_real *
nn_plan_layer_grads(const NNPlan *plan, const NNRun *run, const NNLayer *layer)
{
	return run->grads + (plan->layerwise ? 0 : layer->param_offset);
}

NN_INLINE nn_real *
nn_plan_shared(const NNPlan *plan, void *workspace)
{
	return (nn_real *) workspace + (size_t) plan->threads * plan->thread_reals;
}

/* Before the map of rows is the number of slots used, by itself. */
#define NN_SLOTS_BEGIN NN_ALIGN_REALS(1)

/* Sums over places that a thread adds to. */
NN_INLINE nn_real *
nn_plan_sums(const NNPlan *plan, void *workspace, int thread, bool split)
{
	return split ? nn_plan_shared(plan, workspace) : nn_plan_each(plan, workspace, thread);
}

NN_INLINE double *
nn_plan_partials(const NNPlan *plan, void *workspace)
{
	return (double *) (nn_plan_shared(plan, workspace) + plan->shared_reals);
}

/* A thread's totals of what is under way. */
NN_INLINE NNTotals *
nn_plan_totals(const NNPlan *plan, void *workspace, int thread)
{
	return (NNTotals *) (nn_plan_partials(plan, workspace) +
						 (size_t) thread * plan->partial_doubles + plan->totals);
}

#endif /* NN_PLAN_H */
