#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/runtime.hpp>

namespace clairgate::gate {

namespace {

io::Task<Result<std::string>> data_work(Runtime& runtime,
                                        local::Options options,
                                        std::vector<std::string> words,
                                        Deadline deadline) {
    auto& world = runtime.world();
    auto const announce = [&runtime](std::string_view step, std::string_view detail) {
        runtime.console().progress(step, detail);
    };
    if (words.front() == "import")
        co_return co_await local::data_import(world, options, words.at(1), announce, deadline);
    if (words.front() == "export")
        co_return co_await local::data_export(world, options, words.at(1), announce, deadline);
    co_return co_await local::data_status(world, options, deadline);
}

io::Task<Outcome> data_task(Runtime& runtime,
                            local::Options options,
                            std::vector<std::string> words,
                            Streams const& streams,
                            Duration timeout) {
    auto const deadline = Deadline::after(runtime.world().clock, timeout);
    auto const text = co_await data_work(runtime, std::move(options), std::move(words), deadline);
    runtime.console().finish();
    if (!text.has_value())
        co_return Outcome::failed(text.error());
    streams.out(*text);
    co_return Outcome::done();
}

} // namespace

Outcome data_command(Invocation const& invocation) {
    auto const& words = invocation.settings.arguments();
    bool const is_transfer =
        words.size() == 2 && (words.front() == "import" || words.front() == "export");
    if (!is_transfer && !(words.size() == 1 && words.front() == "status"))
        return Outcome::failed(
            Error(ErrorKind::usage,
                  "usage: clairgate data import FILE | data export FILE | data status")
                .with_remedy("clairgate help data"));
    auto const config =
        make_config(invocation.settings, invocation.environment, invocation.streams);
    if (!config.has_value())
        return Outcome::failed(config.error());
    auto local = config->local;
    local.self = invocation.self;
    Runtime runtime(invocation.streams, invocation.environment, config->speech, config->http);
    return runtime.run(
        data_task(runtime, std::move(local), words, invocation.streams, config->timeout));
}

Outcome supervisor_command(Invocation const& invocation) {
    auto const config =
        make_config(invocation.settings, invocation.environment, invocation.streams);
    if (!config.has_value())
        return Outcome::failed(config.error());
    auto local = config->local;
    local.self = invocation.self;
    Runtime runtime(invocation.streams, invocation.environment, config->speech, config->http);
    auto supervise = [](io::World& world, local::Options options) -> io::Task<Outcome> {
        auto const ended = co_await local::supervise(world, std::move(options));
        co_return ended.has_value() ? Outcome::done() : Outcome::failed(ended.error());
    };
    return runtime.run(supervise(runtime.world(), std::move(local)));
}

} // namespace clairgate::gate
