// Work on many independent items with a bounded number of threads.
#pragma once

#include <cstddef>
#include <functional>

namespace meshfed::base {

// Calls body(0) … body(count - 1), each once, and returns when all are done. No more than `jobs` at once, the calling
// thread among them; jobs <= 1 runs them in order, here. Otherwise indices are handed out in order and finish in any: a
// body writes only what belongs to its index. After an exception no further index is begun, and the first one caught is
// rethrown here.
void for_each_index(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& body);

}  // namespace meshfed::base
