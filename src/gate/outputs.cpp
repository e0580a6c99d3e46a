#include <clairgate/base/text.hpp>
#include <clairgate/gate/in_batches.hpp>
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

// A stored report says for which environment it is: its word must not choose a folder.
std::string as_name(std::string_view untrusted) {
    constexpr std::size_t bytes_max = 100;
    std::string out;
    for (char const c : untrusted.substr(0, bytes_max)) {
        bool const is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                              (c == '.' && !out.empty());
        out += is_plain ? c : '_';
    }
    return out;
}

std::string file_of(OutputTarget const& target, report::Record const& record) {
    auto const& digest = record.reference().digest();
    CLAIRGATE_ASSERT(digest.has_value() && target.file.has_value());
    auto const found = record.context().find("environment");
    auto const environment = found == record.context().end() ? std::string() : found->second;
    return file_name_for(*target.file, *digest, environment);
}

report::RenderOptions
options_for(OutputTarget const& target, OutputChoice const& choice, Streams const& streams) {
    constexpr std::size_t columns_min = 80;
    constexpr std::size_t columns_max = 160;
    report::RenderOptions options;
    options.is_utf8 = streams.is_utf8;
    options.source_file = choice.source_file;
    if (target.file)
        return options;
    options.has_colour = choice.has_colour;
    if (streams.columns != 0)
        options.columns = std::clamp(streams.columns, columns_min, columns_max);
    return options;
}

Error writing_failed(Error error, std::string_view format) {
    return std::move(error)
        .with_context(cat("writing the report ", format))
        .with_remedy(cat("choose another file: -o ", format, "=FILE"));
}

} // namespace

std::string
file_name_for(std::string_view pattern, image::Digest const& digest, std::string_view environment) {
    std::string out(pattern);
    replace_all(out, "{digest}", cat(digest.algorithm(), "-", digest.hex()));
    replace_all(out, "{environment}", environment.empty() ? "none" : as_name(environment));
    return out;
}

std::vector<Rendered>
render_outputs(report::Record const& record, OutputChoice const& choice, Streams const& streams) {
    std::vector<Rendered> outputs;
    for (auto const& target : choice.targets) {
        auto& output = outputs.emplace_back();
        output.format = target.format->name;
        if (target.file)
            output.file = file_of(target, record);
        output.text =
            report::rendered(*target.format, record, options_for(target, choice, streams));
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
            first_failure = writing_failed(written.error(), output.format);
    }
    streams.out(to_stdout);
    if (first_failure)
        return *first_failure;
    return ok();
}

namespace {

// What became of one target: text for standard output, or a file that is written.
struct Done {
    std::string to_stdout;
    std::optional<Error> error;
};

Done write_one(report::Record const& record,
               OutputTarget const& target,
               report::RenderOptions const& options) {
    Done done;
    if (!target.file) {
        done.to_stdout = report::rendered(*target.format, record, options);
        return done;
    }
    std::function<void(io::Pieces const&)> const produce = [&](io::Pieces const& take) {
        report::Out out(take);
        target.format->render(record, options, out);
        out.finish();
    };
    auto const written = io::write_atomically(file_of(target, record), produce);
    if (!written.has_value())
        done.error = writing_failed(written.error(), target.format->name);
    return done;
}

} // namespace

Result<void>
write_outputs(report::Record const& record, OutputChoice const& choice, Streams const& streams) {
    std::string to_stdout;
    std::optional<Error> first_failure;
    std::function<Done(std::size_t)> const make = [&](std::size_t i) {
        auto const& target = choice.targets[i];
        return write_one(record, target, options_for(target, choice, streams));
    };
    std::function<void(Done)> const take = [&](Done done) {
        to_stdout += done.to_stdout;
        if (done.error && !first_failure)
            first_failure = std::move(done.error);
    };
    in_batches(choice.targets.size(), make, take);
    streams.out(to_stdout);
    if (first_failure)
        return *first_failure;
    return ok();
}

} // namespace clairgate::gate
