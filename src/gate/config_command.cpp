#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>

namespace clairgate::gate {

Outcome config_command(Invocation const& invocation) {
    auto const& words = invocation.settings.arguments();
    if (words.size() != 1 || words.front() != "show")
        return Outcome::failed(Error(ErrorKind::usage, "usage: clairgate config show [--origin]")
                                   .with_remedy("clairgate help config"));
    invocation.streams.out(show_origins(invocation.settings));
    return Outcome::done();
}

} // namespace clairgate::gate
