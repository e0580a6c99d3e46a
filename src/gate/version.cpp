#include <clairgate/gate/version.hpp>

namespace clairgate::gate {

std::string_view version() {
    return CLAIRGATE_VERSION;
}

} // namespace clairgate::gate
