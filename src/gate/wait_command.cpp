#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/runtime.hpp>

namespace clairgate::gate {

namespace {

io::Task<Outcome> wait_for_digest(Runtime& runtime,
                                  Config const& config,
                                  Streams const& streams,
                                  SystemTime started) {
    auto& world = runtime.world();
    auto options = config.wait;
    options.started = started;
    registry::Client registry(world, config.registry);
    auto const announce = [&runtime](std::string_view what) {
        runtime.console().progress("wait", what);
    };
    wait::Surroundings surroundings{world, registry, options, announce};
    auto const sighting = co_await wait::first_sighting(surroundings);
    runtime.console().finish();
    if (!sighting.has_value())
        co_return Outcome::failed(sighting.error());
    streams.out(cat(sighting->reference.text(), "\n"));
    co_return Outcome::done();
}

} // namespace

Outcome wait_command(Invocation const& invocation) {
    auto const config =
        make_config(invocation.settings, invocation.environment, invocation.streams);
    if (!config.has_value())
        return Outcome::failed(config.error());
    Runtime runtime(invocation.streams, invocation.environment, config->speech, config->http);
    return runtime.run(wait_for_digest(runtime, *config, invocation.streams, invocation.started));
}

} // namespace clairgate::gate
