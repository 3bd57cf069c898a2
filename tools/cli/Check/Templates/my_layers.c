/* ---- the layers: yours ---- */

static void relu(void)
{
    Tensor *x = input("input"), *dy = cotangent(), *y, *dx;
    if (!x || !dy || dy->count != x->count)
        leave("error", "expected an input, and a cotangent of its size");
    y = tensor(x->rank, x->shape);
    dx = tensor(x->rank, x->shape);
    leave("unsupported", "not written yet"); /* fill y->data and dx->data, and take this line away */
    output(y);
    gradient("input", dx);
}

static void conv2d(void)
{
    Tensor *x = needed(input("input"), 4, "input"), *w = needed(input("weight"), 4, "weight"), *b = input("bias"), *dx = tensor(4, x->shape), *dw = tensor(4, w->shape);
    int stride[2], padding[4], dilation[2], groups = (int)number("groups");
    integers("stride", 2, stride);
    integers("padding", 4, padding); /* top, bottom, left, right */
    integers("dilation", 2, dilation);
    if (groups < 1 || w->shape[1] * groups != x->shape[1])
        leave("refused", "groups %d must divide the channels %d", groups, x->shape[1]);
    leave("unsupported", "not written yet"); /* output(y); cotangent() is the gradient from above */
    gradient("input", dx);
    gradient("weight", dw);
    if (b)
        gradient("bias", tensor(1, b->shape));
}

static void cross_entropy(void)
{
    Tensor *x = needed(input("input"), 2, "input"), *target = needed(input("target"), 1, "target");
    if (target->shape[0] != x->shape[0])
        leave("refused", "%d rows have %d targets", x->shape[0], target->shape[0]);
    if (strcmp(text("reduction"), "mean"))
        leave("unsupported", "only the mean");
    leave("unsupported", "not written yet"); /* a scalar: output(tensor(0, NULL)) */
}

static const struct { const char *name; void (*run)(void); } operations[] = {
    { "relu", relu }, { "conv2d", conv2d }, { "cross_entropy", cross_entropy },
};

