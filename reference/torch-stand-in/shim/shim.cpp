// The thin C layer between Conformance.TorchStandIn and libtorch.
//
// Promises: no C++ exception crosses the border; a wrong shape, type, name or count comes back as libtorch's own message.
// Refuses: to know any operation. Operations are called by their name through libtorch's dispatcher (which is where autograd
// hooks in), so one more operation needs no line here. Gradient clipping is no operation but a function of libtorch's headers.
//
// Every function returns null, or the message of what went wrong; the text stays valid until this thread's next failure.

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>
#include <torch/types.h>
#include <torch/nn/utils/clip_grad.h>

#include <dlfcn.h>

#include <cstring>
#include <string>
#include <vector>

#define SHIM extern "C" __attribute__((visibility("default"))) const char*

namespace {

thread_local std::string message;

template <typename Body>
const char* guarded(Body body) {
    try {
        body();
        return nullptr;
    } catch (const c10::Error& error) {
        message = error.what_without_backtrace();
    } catch (const std::exception& error) {
        message = error.what();
    } catch (...) {
        message = "libtorch threw something that is not an exception";
    }
    return message.c_str();
}

const at::Tensor& checked(const at::Tensor* tensor) {
    TORCH_CHECK(tensor != nullptr, "expected a tensor, got none");
    return *tensor;
}

std::vector<at::Tensor> listed(const at::Tensor* const* tensors, int64_t count) {
    std::vector<at::Tensor> list;
    for (int64_t i = 0; i < count; i++) list.push_back(checked(tensors[i]));
    return list;
}

}  // namespace

// One argument of an operation; the same layout as NativeArgument in Native.cs.
struct Argument {
    enum Kind : int64_t { None, Tensor, Int, Double, Bool, Ints };
    int64_t kind;
    int64_t length;  // of Ints
    union {
        const at::Tensor* tensor;
        int64_t integer;
        double number;
        const int64_t* integers;
    };

    c10::IValue value() const {
        switch (kind) {
            case None: return {};
            case Tensor: return checked(tensor);
            case Int: return integer;
            case Double: return number;
            case Bool: return integer != 0;
            case Ints: return c10::IValue(at::IntArrayRef(integers, length));
            default: TORCH_CHECK(false, "argument of unknown kind ", kind);
        }
    }
};

// Calls an operation such as "aten::conv2d" with all the arguments of its schema, and gives its tensor result.
SHIM torch_call(const char* name, const char* overload, const Argument* arguments, int64_t count, at::Tensor** result) {
    return guarded([&] {
        auto operation = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
        const auto& schema = operation.schema();
        TORCH_CHECK(static_cast<size_t>(count) == schema.arguments().size(), name, ": expected ", schema.arguments().size(), " arguments, got ", count);
        torch::jit::Stack stack;
        for (int64_t i = 0; i < count; i++) stack.push_back(arguments[i].value());
        operation.callBoxed(&stack);
        TORCH_CHECK(stack.size() == 1, name, ": expected one result, got ", stack.size());
        *result = new at::Tensor(std::move(stack[0]).toTensor());
    });
}

// A new tensor with a copy of the elements.
SHIM torch_from_data(const void* data, int8_t dtype, const int64_t* shape, int64_t rank, at::Tensor** result) {
    return guarded([&] {
        auto tensor = at::empty(at::IntArrayRef(shape, rank), at::TensorOptions(static_cast<at::ScalarType>(dtype)));
        std::memcpy(tensor.data_ptr(), data, tensor.nbytes());
        *result = new at::Tensor(std::move(tensor));
    });
}

SHIM torch_free(at::Tensor* tensor) {
    return guarded([&] { delete tensor; });
}

SHIM torch_dtype(const at::Tensor* tensor, int8_t* dtype) {
    return guarded([&] { *dtype = static_cast<int8_t>(checked(tensor).scalar_type()); });
}

SHIM torch_rank(const at::Tensor* tensor, int64_t* rank) {
    return guarded([&] { *rank = checked(tensor).dim(); });
}

SHIM torch_shape(const at::Tensor* tensor, int64_t* shape) {
    return guarded([&] {
        auto sizes = checked(tensor).sizes();
        std::copy(sizes.begin(), sizes.end(), shape);
    });
}

// The address of the elements of a contiguous tensor, and their size in bytes.
SHIM torch_data(const at::Tensor* tensor, void** data, int64_t* bytes) {
    return guarded([&] {
        TORCH_CHECK(checked(tensor).is_contiguous(), "the elements of a tensor that is not contiguous cannot be read in place");
        *data = tensor->data_ptr();
        *bytes = tensor->nbytes();
    });
}

SHIM torch_get_requires_grad(const at::Tensor* tensor, int8_t* required) {
    return guarded([&] { *required = checked(tensor).requires_grad(); });
}

SHIM torch_set_requires_grad(const at::Tensor* tensor, int8_t required) {
    return guarded([&] { checked(tensor).set_requires_grad(required); });
}

SHIM torch_retain_grad(const at::Tensor* tensor) {
    return guarded([&] { checked(tensor).retain_grad(); });
}

// Accumulates gradients in the leaves. `gradient` is the root's cotangent, null for a scalar root.
SHIM torch_backward(const at::Tensor* root, const at::Tensor* gradient) {
    return guarded([&] { checked(root).backward(gradient ? *gradient : at::Tensor()); });
}

// The accumulated gradient, or null.
SHIM torch_grad(const at::Tensor* tensor, at::Tensor** gradient) {
    return guarded([&] {
        const auto& found = checked(tensor).grad();
        *gradient = found.defined() ? new at::Tensor(found) : nullptr;
    });
}

// Both change the gradients of the tensors in place.
SHIM torch_clip_grad_norm_(const at::Tensor* const* tensors, int64_t count, double max_norm, double norm_type, double* norm) {
    return guarded([&] { *norm = torch::nn::utils::clip_grad_norm_(listed(tensors, count), max_norm, norm_type); });
}

SHIM torch_clip_grad_value_(const at::Tensor* const* tensors, int64_t count, double clip_value) {
    return guarded([&] { torch::nn::utils::clip_grad_value_(listed(tensors, count), clip_value); });
}

SHIM torch_get_grad_mode(int8_t* enabled) {
    return guarded([&] { *enabled = c10::GradMode::is_enabled(); });
}

SHIM torch_set_grad_mode(int8_t enabled) {
    return guarded([&] { c10::GradMode::set_enabled(enabled); });
}

SHIM torch_get_num_threads(int32_t* count) {
    return guarded([&] { *count = at::get_num_threads(); });
}

// libtorch's own threads, and OpenBLAS's where that is the BLAS: libtorch leaves those alone, as it does not know them.
SHIM torch_set_num_threads(int32_t count) {
    return guarded([&] {
        at::set_num_threads(count);
        auto blas = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
        if (blas) blas(count);
    });
}

SHIM torch_version(const char** version) {
    return guarded([&] { *version = LIBTORCH_RELEASE; });
}
