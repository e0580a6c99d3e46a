#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/stored_report.hpp>
#include <clairgate/io/files.hpp>

namespace clairgate::gate {

namespace {

Result<void> convert(Invocation const& invocation) {
    auto const& files = invocation.settings.arguments();
    if (files.size() != 1)
        return Error(ErrorKind::usage,
                     files.empty() ? "no REPORT given" : "convert takes one REPORT at a time")
            .with_remedy("clairgate convert report.json -o html=report.html");
    auto const config =
        TRY(make_config(invocation.settings, invocation.environment, invocation.streams));
    auto const& file = files.front();
    auto bytes = TRY(io::read_file(file, limits::stored_report_bytes));
    auto const stored = TRY(parse_any_record(std::move(bytes)).with_context(file));
    report::Record const record(stored.stored.report, stored.account);
    return write_outputs(record, config.output, invocation.streams);
}

} // namespace

Outcome convert_command(Invocation const& invocation) {
    auto const done = convert(invocation);
    return done.has_value() ? Outcome::done() : Outcome::failed(done.error());
}

} // namespace clairgate::gate
