import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/** What the index of API keys needs from the analysis module, which the distribution for tests lacks. */
public class Analysis extends Plugin implements AnalysisPlugin {
	private interface Change {
		TokenStream of(TokenStream in);
	}

	private static AnalysisProvider<TokenFilterFactory> filter(Change change) {
		return (index, env, name, settings) -> new TokenFilterFactory() {
			@Override
			public String name() {
				return name;
			}

			@Override
			public TokenStream create(TokenStream in) {
				return change.of(in);
			}
		};
	}

	@Override
	public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
		Map<String, AnalysisProvider<TokenFilterFactory>> all = new TreeMap<>();
		all.put("pattern_capture", filter(in ->
			new PatternCaptureGroupTokenFilter(in, true, Pattern.compile("([^@]+)"))));
		all.put("unique", filter(RemoveDuplicatesTokenFilter::new));
		return all;
	}

	@Override
	public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
		return Map.of("uax_url_email", (index, env, name, settings) ->
			TokenizerFactory.newFactory(name, UAX29URLEmailTokenizer::new));
	}
}
