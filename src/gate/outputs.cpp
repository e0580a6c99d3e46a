#include <clairgate/base/text.hpp>
#include <clairgate/gate/outputs.hpp>
#include <clairgate/io/files.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

void replace_all(std::string& text, std::string_view placeholder, std::string_view with) {
    for (auto at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + with.size()))
        text.replace(at, placeholder.size(), with);
}

} // namespace

std::string
file_name_for(std::string_view pattern, image::Digest const& digest, std::string_view environment) {
    std::string out(pattern);
    replace_all(out, "{digest}", cat(digest.algorithm(), "-", digest.hex()));
    replace_all(out, "{environment}", environment.empty() ? "none" : environment);
    return out;
}

std::vector<Rendered> render_outputs(report::Report const& report,
                                     std::vector<OutputTarget> const& targets,
                                     Streams const& streams,
                                     bool has_colour) {
    auto const& digest = report.reference.digest();
    CLAIRGATE_ASSERT(digest.has_value());
    auto const found = report.context.find("environment");
    auto const environment = found == report.context.end() ? std::string() : found->second;
    std::vector<Rendered> outputs;
    for (auto const& target : targets) {
        report::RenderOptions options;
        options.is_utf8 = streams.is_utf8;
        if (!target.file) {
            options.has_colour = has_colour;
            options.columns = std::clamp<std::size_t>(
                streams.columns == 0 ? options.columns : streams.columns, 80, 160);
        }
        auto& output = outputs.emplace_back();
        output.format = target.format->name;
        if (target.file)
            output.file = file_name_for(*target.file, *digest, environment);
        output.text = target.format->render(report, options);
    }
    return outputs;
}

Result<void> write_rendered(std::vector<Rendered> const& outputs, Streams const& streams) {
    std::string to_stdout;
    std::optional<Error> first_failure;
    for (auto const& output : outputs) {
        if (!output.file) {
            to_stdout += output.text;
            continue;
        }
        auto const written = io::write_atomically(*output.file, output.text);
        if (!written.has_value() && !first_failure)
            first_failure =
                written.error()
                    .with_context(cat("writing the report ", output.format))
                    .with_remedy(cat("choose another file: -o ", output.format, "=FILE"));
    }
    streams.out(to_stdout);
    if (first_failure)
        return *first_failure;
    return ok();
}

Result<void> write_outputs(report::Report const& report,
                           std::vector<OutputTarget> const& targets,
                           Streams const& streams,
                           bool has_colour) {
    return write_rendered(render_outputs(report, targets, streams, has_colour), streams);
}

} // namespace clairgate::gate
